import { step } from '../incident/ending-step';
import { windowOf } from '../logs/window';
import type { Conclusion } from '../record/conclusion';
import { newIncidentSchema } from '../record/incident';
import { writeEntry } from '../record/store';
import * as z from '../shared/schema';
import type { StepTools } from '../shared/step';
import { type Deed, type Identity, isOwn, toDeed } from './deed';
import { type Kind, kindOf } from './kinds';
import { type Lines, readLines } from './lines';
import { lookUpDoings } from './look-up';
import { readLogGroups } from './settings';
import { stopsOf } from './stop';
import { tellDeeds, tellDoings, tellLines } from './tell';

const input = z.object({ incident: newIncidentSchema });
type Incident = z.output<typeof input>['incident'];

const hourMs = 3_600_000;
const mostIdentities = 2;
const mostTold = 6;

/**
 * Finds out for people what is behind an alarm that has no instance: who did it, what else they did within the hour, and
 * what would stop it. It changes nothing, and what cannot be read is told as unknown.
 */
export const handler = step('investigate', input, async ({ incident }, tools) => {
  const { alarm, incidentId } = incident;
  const kind = kindOf(alarm?.metricNames ?? []);
  const { lines, unknown } = await linesOf(incident, kind, tools.clock.now());
  const deeds = lines.flatMap(({ message }) => toDeed(message) ?? []);
  if (kind?.isOurs && deeds.length > 0 && deeds.every((deed) => isOwn(deed, tools.config.STAGE)))
    return { conclusion: own(deeds) };
  const told = [
    ...(kind ? [`${kind.what}.`] : []),
    ...(unknown ? [`Which lines it is about is not known: ${unknown}.`] : []),
    ...tellDeeds(deeds).slice(0, mostTold),
    ...(lines.length > deeds.length ? [tellLines(lines.filter(({ message }) => !toDeed(message)))] : []),
    ...(lines.length === 0 && !unknown ? ['No line that the alarm counts was found: it may come late.'] : []),
    ...(await doingsOf(deeds, incidentId, tools)),
    ...stopsOf(kind, deeds),
  ];
  const at = tools.clock.now().toISOString();
  for (const [i, what] of told.entries()) await writeEntry(incidentId, { key: `told#${i}`, at, what }, tools.config);
  return { conclusion: investigated(told) };
});

async function linesOf(
  { alarm }: Incident,
  kind: (Kind & { metricName: string }) | undefined,
  now: Date,
): Promise<Lines> {
  if (!alarm || !kind) return { lines: [], unknown: 'the alarm is on no log that this stage names' };
  const logGroup = readLogGroups()[kind.log];
  if (!logGroup) return { lines: [], unknown: `this stage names no log group for ${kind.metricName}` };
  return readLines({ logGroup, metricName: kind.metricName }, windowOf(alarm, now));
}

/** What the first identities did besides, from an hour before the first line on. */
async function doingsOf(deeds: readonly Deed[], incidentId: string, tools: StepTools): Promise<string[]> {
  const identities = new Map<string, Identity>(deeds.map(({ by }) => [by.name, by]));
  const first = Math.min(...deeds.map(({ at }) => Date.parse(at)));
  const told: string[] = [];
  for (const identity of [...identities.values()].slice(0, mostIdentities)) {
    if (identity.kind === 'service') continue;
    const to = tools.clock.now();
    const doings = await lookUpDoings(identity, { from: new Date(first - hourMs), to }, incidentId, tools);
    told.push(tellDoings(identity.name, doings, to));
  }
  if (identities.size > mostIdentities) told.push(`${identities.size - mostIdentities} more identities did the same.`);
  return told;
}

const mostCharacters = 1_500;

const investigated = (told: readonly string[]): Conclusion => ({
  outcome: 'ESCALATED',
  code: 'investigated',
  reason: told.join(' ').slice(0, mostCharacters),
});

const own = (deeds: readonly Deed[]): Conclusion => ({
  outcome: 'SKIPPED',
  code: 'own-change',
  reason: `A playbook of this stage did it: ${tellDeeds(deeds).slice(0, 2).join(' ')}`,
});
