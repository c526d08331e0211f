import { serviceError } from '../errors';

/** How Auto Scaling refuses what does not fit. Source: Auto Scaling API reference, "Common Errors". */
export const invalid = (message: string) => serviceError('auto-scaling', 'ValidationError', message);
