import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import { parseCidr } from './cidr';

const isolation = z.object({
  /** keep or detach: whether to detach Elastic IPs. */
  ELASTIC_IPS: z.enum(['keep', 'detach']),
  /** never or ask: whether to request approval to revoke the sessions of the instance's role. */
  REVOKE_SESSIONS: z.enum(['never', 'ask']),
  /** keep or disable: whether to switch the instance metadata service off. */
  INSTANCE_METADATA: z._default(z.optional(z.enum(['keep', 'disable'])), 'keep'),
  /** keep or end: whether to end the open sessions of Systems Manager. */
  SYSTEMS_MANAGER_SESSIONS: z._default(z.optional(z.enum(['keep', 'end'])), 'keep'),
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

const grouping = z.object({ BLOCK_GROUP_LIMIT: count });

/** How many addresses one request for approval covers at most. @throws InvalidInputError naming the variable */
export function readGroupLimit(environment: NodeJS.ProcessEnv = process.env): number {
  return parseWith(grouping, environment, 'environment').BLOCK_GROUP_LIMIT;
}

const listItem = '(?:pl-(?:[0-9a-f]{8}|[0-9a-f]{17})|[0-9a-fA-F.:]+(?:/\\d{1,3})?)';
const splitList = z.pipe(
  z.matching(
    new RegExp(`^(?:\\s*${listItem}\\s*(?:,\\s*${listItem}\\s*)*)?$`),
    'CIDR blocks and prefix list IDs (pl-…), with commas between them',
  ),
  z.transform((text: string) => text.split(',').flatMap((item) => item.trim() || [])),
);
const never = z.object({ NEVER_BLOCK: z._default(z.optional(splitList), []) });

/**
 * What the stage never blocks, whoever approves it.
 * @throws InvalidInputError naming the variable, NotACidrError
 */
export function readNeverBlock(environment: NodeJS.ProcessEnv = process.env) {
  const items = parseWith(never, environment, 'environment').NEVER_BLOCK;
  const isList = (item: string) => item.startsWith('pl-');
  return {
    prefixListIds: items.filter(isList),
    cidrs: items.filter((item) => !isList(item)).map((item) => parseCidr(item).text),
  };
}
