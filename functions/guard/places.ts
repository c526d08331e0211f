import type { Snapshot } from './snapshot';
import { groupTag } from './tags';

/** Where an instance would be missed, and where it has to start again. */
export interface Places {
  zone: string;
  type: string;
  /** Groups of which automation takes down one instance at a time: `asg:NAME`, `tg:ARN`, `tag:NAME`. */
  groups: string[];
}

/** What one instance shares with others. @param serving the names of its Auto Scaling group and target groups */
export function placesOf(
  { availabilityZone, instanceType, tags }: Pick<Snapshot, 'availabilityZone' | 'instanceType' | 'tags'>,
  serving: { group?: string | undefined; targetGroupArns: readonly string[] },
): Places {
  const named = tags[groupTag];
  const groups = [
    ...(serving.group ? [`asg:${serving.group}`] : []),
    ...serving.targetGroupArns.map((arn) => `tg:${arn}`),
    ...(named ? [`tag:${named}`] : []),
  ];
  return { zone: availabilityZone ?? 'unknown', type: instanceType, groups: [...new Set(groups)].sort() };
}

const firstMarkMinutes = 15;
const longestMarkMinutes = 240;

/** How long a place stays marked after that many failed starts in a row: 15 minutes, doubled each time, at most 4 hours. */
export const markMinutes = (failures: number): number =>
  Math.min(longestMarkMinutes, firstMarkMinutes * 2 ** Math.max(0, failures - 1));

/** A group as people name it. */
export function nameOfGroup(group: string): string {
  const [kind, ...rest] = group.split(':');
  const name = rest.join(':');
  if (kind === 'asg') return `the Auto Scaling group ${name}`;
  if (kind === 'tg') return `the target group ${name.split('/')[1] ?? name}`;
  return `the group ${name} (tag ${groupTag})`;
}
