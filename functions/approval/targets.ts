import { plural } from '../shared/plural';
import * as z from '../shared/schema';

/** What approval may be requested for: each operation with its one target. */
export const targetSchemas = {
  isolate: z.object({
    instanceId: z.string(),
    networkInterfaceIds: z.array(z.string()),
    volumes: z.number(),
    /** The number of Elastic IPs to detach. */
    addresses: z.number(),
    swapProfile: z.boolean(),
    /** Missing from requests of earlier releases, and where the stage leaves it out. */
    switchMetadataOff: z.optional(z.boolean()),
    endSessions: z.optional(z.boolean()),
    /** How the snapshots are locked, in words, and the account that they are shared with; missing where the stage does neither. */
    snapshotLock: z.optional(z.string()),
    evidenceAccountId: z.optional(z.string()),
  }),
  'revoke-sessions': z.object({ instanceId: z.string(), profileArn: z.string() }),
  block: z.object({
    cidrs: z.array(z.string()),
    minutes: z.number(),
    /** Undefined if the stage blocks only in its WAF IP set. */
    networkAclId: z.optional(z.string()),
    /** Those of them that belong to AWS services: they take the yes of two people. */
    awsRanges: z.optional(z.array(z.object({ cidr: z.string(), what: z.string() }))),
  }),
  install: z.object({ instanceId: z.string(), reboot: z.enum(['RebootIfNeeded', 'NoReboot']) }),
  'move-host': z.object({
    instanceId: z.string(),
    /** What EC2 has planned. */
    code: z.string(),
    notBefore: z.optional(z.string()),
  }),
  release: z.object({
    instanceId: z.string(),
    /** The incident whose isolation is reverted. */
    isolatedBy: z.string(),
    /** The kinds of changes that are reverted, each once. */
    kinds: z.array(z.string()),
  }),
} as const;

export type Subject = keyof typeof targetSchemas;
export type Target<S extends Subject> = z.output<(typeof targetSchemas)[S]>;
export const subjects = Object.keys(targetSchemas) as [Subject, ...Subject[]];

/** More ranges than this are listed at the end. */
const mostInline = 3;

/** What a release restores, in words; the tag goes last of all. A kind without words is said as it is. */
const restored: Readonly<Record<string, string>> = {
  tag: 'its tags',
  'scale-in': 'scale-in protection',
  volumes: 'what happens to its volumes on termination',
  'termination-protection': 'termination protection',
  service: 'its place in service',
  groups: 'the quarantine groups (deleted)',
  interface: 'its security groups',
  address: 'its Elastic IPs',
  profile: 'its instance profile',
  metadata: 'its metadata service',
  sessions: 'the sessions of its role',
};
const wordOf = (kind: string): string => (Object.hasOwn(restored, kind) ? restored[kind]! : kind);

const words: { [S in Subject]: (target: Target<S>) => string } = {
  isolate: (target) => {
    const { instanceId, networkInterfaceIds, volumes, addresses, swapProfile } = target;
    const parts = [
      `snapshot ${plural(volumes, 'volume')}`,
      ...(target.snapshotLock ? [`lock the snapshots in ${target.snapshotLock}`] : []),
      ...(target.evidenceAccountId ? [`share them with account ${target.evidenceAccountId}`] : []),
      'turn termination protection on',
      'take it out of service',
      `cut off all traffic of ${plural(networkInterfaceIds.length, 'network interface')} (${networkInterfaceIds.join(', ')}) and of any attached later`,
      ...(addresses > 0 ? [`detach ${plural(addresses, 'Elastic IP')}`] : []),
      ...(swapProfile ? ['replace its instance profile with one that allows nothing'] : []),
      ...(target.switchMetadataOff ? ['switch its instance metadata service off'] : []),
      ...(target.endSessions ? ['end its open sessions of Systems Manager'] : []),
    ];
    const restored = target.endSessions ? 'everything but these sessions' : 'everything';
    const kept = target.snapshotLock || target.evidenceAccountId ? ' and leaves the snapshots as they are' : '';
    return `Isolate ${instanceId}: ${parts.join(', ')}. A release restores ${restored}${kept}.`;
  },
  'revoke-sessions': ({ profileArn }) =>
    `Revoke all sessions of the role in ${profileArn}. This affects everyone who uses the role, not only this instance.`,
  block: ({ cidrs, minutes, networkAclId, awsRanges = [] }) => {
    const places = [
      ...(networkAclId ? [`the network ACL ${networkAclId} (both directions)`] : []),
      "the stage's WAF IP set",
    ];
    const where = `for ${minutes} minutes in ${places.join(' and ')}`;
    const aws = awsRanges.map(({ cidr, what }) => ` ${cidr} overlaps ${what}: this may cut you off from it.`).join('');
    if (cidrs.length <= mostInline) return `Block ${cidrs.join(', ')} ${where}.${aws}`;
    const room = networkAclId ? ', in the network ACL as many as it has room for' : '';
    return `Block ${cidrs.length} addresses ${where}${room}: ${cidrs.join(', ')}.${aws}`;
  },
  release: ({ instanceId, isolatedBy, kinds }) =>
    `Release ${instanceId} from the isolation of incident ${isolatedBy}: restore ${kinds.map(wordOf).join(', ')}. It is connected to the network again, as it was before.`,
  'move-host': ({ instanceId, code, notBefore }) =>
    `Stop and start ${instanceId} now, which moves it to another host: EC2 has planned ${code}${notBefore ? `, not before ${notBefore}` : ''}.`,
  install: ({ instanceId, reboot }) =>
    `Install missing patches on ${instanceId}, ${reboot === 'NoReboot' ? 'without a reboot' : 'with a reboot if needed'}.`,
};

/** The request in words: generated only from the target, so that people approve exactly that. */
export function wordsOf<S extends Subject>(subject: S, target: Target<S>): string {
  return (words[subject] as (target: Target<S>) => string)(target);
}

/** How many people have to say yes to a target at least, whatever the stage says. */
export function leastNeeded<S extends Subject>(_subject: S, target: Target<S>): number {
  return 'awsRanges' in target && (target.awsRanges ?? []).length > 0 ? 2 : 1;
}
