import { changesOf } from './changes';
import type { CallFact, InstanceFact, RunFacts, ToldFacts, Violation } from './facts';
import { allRecords, isOf } from './records';

type Item = Record<string, unknown>;

/** M: how soon a person has to know of what is left open. */
const withinMs = 5 * 60_000;
/** What was told is not told again within an hour. */
const quietMs = 60 * 60_000;

/** M: no containment is left open without a page within five minutes. */
export function neverOpenInSilence(facts: RunFacts): Violation[] {
  const { told } = facts;
  if (!told) return [];
  return [
    ...openInterfaces(facts, told),
    ...refusedInSilence(facts, told),
    ...findingsInSilence(facts, told),
    ...lostInSilence(facts, told),
  ].map((what): Violation => ({ invariant: 'M', what }));
}

/** Interfaces that an isolation opened to all traffic, and that stayed so longer than a person may be left in the dark. */
function openInterfaces(facts: RunFacts, told: ToldFacts): string[] {
  const changes = changesOf(facts).filter(({ command }) => command === 'ModifyNetworkInterfaceAttribute');
  return changes.filter(opens(told)).flatMap((call) => {
    const id = call.resources[0] ?? '';
    const next = changes.find((other) => other.seq > call.seq && other.resources[0] === id);
    const until = Math.min(next?.at ?? told.endedAt, gone(facts, id), told.endedAt);
    if (until - call.at <= withinMs) return [];
    const isTold = told.pages.some(
      ({ at, text }) => at - call.at <= withinMs && text.includes(id) && text.includes('OPEN TO ALL'),
    );
    return isTold ? [] : [`${id} was open to all traffic for ${Math.round((until - call.at) / 60_000)} min in silence`];
  });
}

const opens =
  ({ openGroups }: ToldFacts) =>
  ({ input }: CallFact) =>
    ((input as { Groups?: string[] }).Groups ?? []).some((id) => openGroups.has(id));

/** When the instance of an interface was terminated. */
function gone({ instances }: RunFacts, id: string): number {
  const owner = instances.find(({ interfaces }) => interfaces.some((one) => one.networkInterfaceId === id));
  const end = owner?.states.find(({ state }) => state === 'shutting-down' || state === 'terminated');
  return end?.at ?? Number.POSITIVE_INFINITY;
}

/** Green ends of what was to be contained: duplicates and samples, what a person decided, and alarms that are none. */
const quiet =
  /^(already-(isolated|blocked)|joined|grouped|sample-finding|finding-archived|below-severity|denied|wrong-(account|region)|alarm-.*|not-in-alarm|told-.*)$/;
const green = ['SKIPPED', 'OBSERVED'];

/** Findings and alarms whose isolation or block was refused, and which nobody was paged for. */
function refusedInSilence(facts: RunFacts, told: ToldFacts): string[] {
  const begun = allRecords(facts).filter(
    ({ playbook, trigger, status }) =>
      ['isolate-instance', 'block-traffic'].includes(String(playbook)) &&
      ['finding', 'alarm'].includes(String(trigger)) &&
      status === 'CLOSED',
  );
  return begun.flatMap((record) => {
    const { incidentId, outcome, code } = record;
    if (green.includes(String(outcome)) && !quiet.test(String(code)))
      return [`incident ${incidentId} was refused (${code}) and ended green`];
    if (outcome !== 'ESCALATED' || isPaged(record, facts, told)) return [];
    return [`incident ${incidentId} was refused (${code}), and nobody was paged`];
  });
}

/** Findings about an instance that started nothing, and that nobody was told of. */
function findingsInSilence(facts: RunFacts, { findings = [], endedAt }: ToldFacts): string[] {
  const known = new Set(allRecords(facts).map(({ finding }) => (finding as { findingArn?: string })?.findingArn));
  const late = findings.filter(({ findingArn, at }) => endedAt - at > withinMs && !known.has(findingArn));
  return late.map(({ findingArn }) => `finding ${findingArn} started nothing, and nobody was told`);
}

function isPaged(record: Item, facts: RunFacts, told: ToldFacts): boolean {
  const closedAt = Date.parse(String(record.closedAt));
  const sent = (one: Item) => Date.parse(String(one.noticeSentAt ?? (one.noticeState ? one.closedAt : '')));
  if (sent(record) - closedAt <= withinMs) return true;
  // The end of the run, or a topic that refuses, is no silence: the notice is still due.
  if (record.noticeState === 'PENDING' || told.pages.some(({ text }) => text.includes(String(record.executionId))))
    return true;
  const teller = (record.extra as { toldBy?: string } | undefined)?.toldBy;
  const other = allRecords(facts).find(({ incidentId }) => incidentId === teller);
  return other !== undefined && closedAt - sent(other) <= quietMs;
}

/** Hosts that others stopped or terminated while they were being isolated. */
function lostInSilence(facts: RunFacts, told: ToldFacts): string[] {
  const isolations = allRecords(facts).filter(
    ({ playbook, status }) => playbook === 'isolate-instance' && status === 'CLOSED',
  );
  return isolations.flatMap((record) => {
    const host = facts.instances.find(({ instanceId }) => instanceId === record.instanceId);
    const at = host && lostAt(host, record, facts);
    if (at === undefined) return [];
    if (endsGreen(record)) return [`incident ${record.incidentId} ended green, and its host was stopped or terminated`];
    const isTold = told.pages.some(
      (page) => page.at >= at && page.at - at <= withinMs && page.text.includes(host!.instanceId),
    );
    return isTold || couldNotTell(facts, at) ? [] : [`the host of incident ${record.incidentId} was lost in silence`];
  });
}

/** When others first stopped or terminated the host, from the first request for approval to the end. */
function lostAt(
  { instanceId, states }: InstanceFact,
  { incidentId, closedAt }: Item,
  facts: RunFacts,
): number | undefined {
  const asked = facts.items.find(
    ({ pk, sk }) => isOf(pk, ['APPROVAL', 'INCIDENT'], incidentId) && sk === 'APPROVAL#isolate',
  );
  if (!asked) return undefined;
  const byUs = changesOf(facts).filter(
    ({ command, resources }) => command === 'StopInstances' && resources.includes(instanceId),
  );
  return states.find(
    ({ at, state }) =>
      at > Date.parse(String(asked.askedAt)) &&
      at < Date.parse(String(closedAt)) &&
      (state === 'shutting-down' || (state === 'stopping' && byUs.every((call) => Math.abs(call.at - at) > 1000))),
  )?.at;
}

const endsGreen = ({ outcome }: Item) => ['CONTAINED', ...green].includes(String(outcome));

/** A topic that refuses, or a function that does not run, is no silence: the event goes to the queue, whose alarm pages. */
const couldNotTell = ({ calls }: RunFacts, at: number) =>
  calls.some((call) => call.at >= at && call.at - at <= withinMs && call.result !== 'ok');
