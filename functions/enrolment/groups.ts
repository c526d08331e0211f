import { groupTag } from '../guard/tags';
import * as z from '../shared/schema';
import { type AlarmKind, type Group, groups } from './alarm-kinds';

/** What AWS takes as the value of a tag. Source: EC2 user guide, "Tag restrictions"; Tagging API, TagValue. */
const nameSchema = z.matching(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u, 'the name of a group');

/**
 * What differs for the alarms of an instance's group; nothing for an instance without one, or in a group that the file
 * does not name. A value that is no name is a problem, in a sentence, and changes nothing.
 */
export function groupOf(
  tags: Readonly<Record<string, string>>,
  named: Readonly<Record<string, Group>> = groups,
): { group: Group; problem?: string } {
  const value = tags[groupTag];
  if (value === undefined || value === '') return { group: {} };
  const name = nameSchema.safeParse(value);
  if (!name.success)
    return { group: {}, problem: `the tag ${groupTag} is not the name of a group; the alarms are those of the stage` };
  // An own key alone: a tag may say `constructor`.
  return { group: Object.hasOwn(named, name.data) ? named[name.data]! : {} };
}

/** A kind as a group has it; undefined where the group's instances do not have it. */
export function kindIn(kind: AlarmKind, group: Group): AlarmKind | undefined {
  if (!Object.hasOwn(group, kind.id)) return kind;
  const { watched, playbook, told, Properties = {} } = group[kind.id]!;
  if (watched === false) return undefined;
  const { override, lasting, ...rest } = kind;
  const { setting: _, ...own } = override ?? { tag: undefined };
  const setsThreshold = Properties.Threshold !== undefined;
  const setsPeriods = (['Period', 'EvaluationPeriods', 'DatapointsToAlarm'] as const).some((one) => one in Properties);
  return {
    ...rest,
    ...(override ? { override: setsThreshold ? (own as typeof override) : override } : {}),
    ...(lasting && !setsPeriods ? { lasting } : {}),
    ...(playbook ? { playbook } : {}),
    ...(told === false ? { told: undefined } : {}),
    properties: { ...kind.properties, ...(Properties as Partial<AlarmKind['properties']>) },
  };
}
