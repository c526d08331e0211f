import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';

const isolation = z.object({
  /** keep or detach: whether to detach Elastic IPs. */
  ELASTIC_IPS: z.enum(['keep', 'detach']),
  /** never or ask: whether to request approval to revoke the sessions of the instance's role. */
  REVOKE_SESSIONS: z.enum(['never', 'ask']),
});
export type IsolationSettings = z.output<typeof isolation>;

/**
 * The stage's settings for isolation, from the function's environment.
 * @throws InvalidInputError naming the variable
 */
export function readIsolationSettings(environment: NodeJS.ProcessEnv = process.env): IsolationSettings {
  return parseWith(isolation, environment, 'environment');
}

const count = z.pipe(
  z.matching(/^\d+$/, 'a whole number'),
  z.transform((text: string) => Number(text)),
);

const blocking = z.object({
  /** Empty: no network ACL is changed. */
  BLOCK_NETWORK_ACL_ID: z.matching(/^(acl-[0-9a-f]{8,17})?$/, 'the ID of a network ACL, or nothing'),
  BLOCK_MINUTES: count,
  WIDEST_IPV4_PREFIX: count,
  WIDEST_IPV6_PREFIX: count,
});

export type BlockSettings = z.output<typeof blocking>;

/** The widest ranges that the stage blocks. */
export const widestPrefix = (settings: BlockSettings) => ({
  ipv4: settings.WIDEST_IPV4_PREFIX,
  ipv6: settings.WIDEST_IPV6_PREFIX,
});

/** The stage's settings for blocks, from the function's environment. @throws InvalidInputError naming the variable */
export function readBlockSettings(environment: NodeJS.ProcessEnv = process.env): BlockSettings {
  return parseWith(blocking, environment, 'environment');
}
