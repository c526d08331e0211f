import { here } from '../place/here';

/** Where it is kept when people were last told of a subject, in the place of the running step. */
export const suspicionKeyOf = (subject: string) => ({ pk: `SUBJECT#${here(subject)}`, sk: 'SUSPICION' });
