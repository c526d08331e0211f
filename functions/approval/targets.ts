import { plural } from '../shared/plural';
import * as z from '../shared/schema';

/** What a person may be asked to allow: each operation with the one target that it is about. */
export const targetSchemas = {
  isolate: z.object({
    instanceId: z.string(),
    networkInterfaceIds: z.array(z.string()),
    volumes: z.number(),
    /** How many Elastic IPs come off. */
    addresses: z.number(),
    swapProfile: z.boolean(),
  }),
  'revoke-sessions': z.object({ instanceId: z.string(), profileArn: z.string() }),
  block: z.object({
    cidrs: z.array(z.string()),
    minutes: z.number(),
    /** Left out where the stage blocks in its WAF IP set alone. */
    networkAclId: z.optional(z.string()),
  }),
  install: z.object({ instanceId: z.string(), reboot: z.enum(['RebootIfNeeded', 'NoReboot']) }),
} as const;

export type Subject = keyof typeof targetSchemas;
export type Target<S extends Subject> = z.output<(typeof targetSchemas)[S]>;
export const subjects = Object.keys(targetSchemas) as [Subject, ...Subject[]];

const words: { [S in Subject]: (target: Target<S>) => string } = {
  isolate: ({ instanceId, networkInterfaceIds, volumes, addresses, swapProfile }) => {
    const parts = [
      `snapshot ${plural(volumes, 'volume')}`,
      'turn termination protection on',
      'take it out of service',
      `cut off all traffic of ${plural(networkInterfaceIds.length, 'network interface')} (${networkInterfaceIds.join(', ')}) and of any that is attached meanwhile`,
      ...(addresses > 0 ? [`detach ${plural(addresses, 'Elastic IP')}`] : []),
      ...(swapProfile ? ['replace its instance profile with one that allows nothing'] : []),
    ];
    return `Isolate ${instanceId}: ${parts.join(', ')}. A release restores everything.`;
  },
  'revoke-sessions': ({ profileArn }) =>
    `Revoke all sessions of the role behind ${profileArn}: every holder of that role is hit, not only this instance.`,
  block: ({ cidrs, minutes, networkAclId }) => {
    const places = [
      ...(networkAclId ? [`the network ACL ${networkAclId} (both directions)`] : []),
      "the stage's WAF IP set",
    ];
    return `Block ${cidrs.join(', ')} for ${minutes} minutes in ${places.join(' and ')}.`;
  },
  install: ({ instanceId, reboot }) =>
    `Install missing patches on ${instanceId}, ${reboot === 'NoReboot' ? 'without a reboot' : 'with a reboot if needed'}.`,
};

/** What will be done, as a person reads it: made of the target alone, so that nobody is asked about anything else. */
export function wordsOf<S extends Subject>(subject: S, target: Target<S>): string {
  return (words[subject] as (target: Target<S>) => string)(target);
}
