import * as z from './schema';

/** Instance IDs are `i-` and 8 or 17 hexadecimal digits (EC2 user guide, "Resource IDs"). */
export const instanceIdSchema = z.matching(/^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/, 'an instance ID');

/** Names chosen by people, without control characters, so that they cannot break a log line or a notice. */
export const plainNameSchema = z.matching(/^[^\p{Cc}\p{Cf}\u2028\u2029]{1,255}$/u, 'a name');

export const accountSchema = z.matching(/^\d{12}$/, 'an account ID');

/**
 * A region of any partition (`eu-west-1`, `us-gov-east-1`, `eusc-de-east-1`). AWS documents no pattern; a stage has its own
 * list of regions, so this rejects only what cannot be one.
 */
export const regionSchema = z.matching(/^[a-z]{2,8}(-[a-z]{2,16}){1,4}-\d{1,3}$/, 'a region');
