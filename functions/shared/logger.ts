import { Logger } from '@aws-lambda-powertools/logger';

/** One JSON object a line; only fields that a step names are written, never its raw input. */
export const logger = new Logger({ serviceName: 'incident-playbooks' });
