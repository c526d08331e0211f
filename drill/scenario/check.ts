import { toMarkdown } from '../../functions/review/markdown';
import { checkPlaces } from './check-places';
import { leadsOf } from './leads';
import { checkProof } from './proof';
import type { Check, DrillResult } from './result';
import type { Expectation } from './schema';

type Observed = Omit<DrillResult, 'checks' | 'ok'>;

/** The checks of every drill, whatever its scenario expects. */
export const generalChecks: readonly string[] = ['every execution ended', 'no invariant broken'];

/** Compares a drill's result with its scenario's expectations. Pure. */
export function checkResult(expect: Expectation, observed: Observed): Check[] {
  const { executions, incidents, ledger } = observed;
  const checks: Check[] = [
    check('every execution ended', 'yes', executions.every(({ status }) => status !== 'RUNNING') ? 'yes' : 'no'),
  ];
  const broken = observed.violations.map(({ invariant, what }) => `${invariant}: ${what}`);
  checks.push(check('no invariant broken', 'none', broken.join('; ') || 'none'));
  const add = (what: string, expected: unknown, actual: unknown) => {
    if (expected !== undefined) checks.push(check(what, show(expected), show(actual)));
  };
  add('executions', expect.executions, executions.length);
  add(
    'outcomes',
    expect.outcomes,
    incidents.map(({ outcome, status }) => outcome ?? status),
  );
  if (expect.tally) add('incidents by outcome', showTally(expect.tally), showTally(tallyOf(incidents)));
  add('code', expect.code, incidents[0]?.code ?? 'no record');
  if (expect.path) checks.push(checkPath(expect.path, pathIn(observed, expect.pathOf)));
  for (const [command, times] of Object.entries(expect.effects ?? {})) {
    const effective = ledger.filter((entry) => entry.command === command && entry.effective);
    add(`${command} with a change`, times, effective.length);
  }
  if (expect.reason !== undefined) checks.push(checkReason(expect.reason, incidents[0]?.reason ?? 'no record'));
  add('notices', expect.notices, observed.notices.length);
  add('state of the instance', expect.instanceState, observed.instances[0]?.state);
  for (const [name, state] of Object.entries(expect.alarms ?? {})) {
    add(`alarm ${name}`, state, observed.alarms.findLast(({ alarmName }) => alarmName === name)?.state);
  }
  if (expect.places) checks.push(...checkPlaces(expect.places, observed));
  if (expect.review) checks.push(...checkReview(expect.review, observed));
  if (expect.patrol) checks.push(...checkPatrol(expect.patrol, observed));
  add('dead letters', expect.deadLetters, observed.deadLetters.length);
  return checks;
}

function checkPatrol(
  { suspected, leadMinutes }: NonNullable<Expectation['patrol']>,
  { incidents, alarms, instances }: Observed,
): Check[] {
  const leads = leadsOf(incidents, alarms);
  const ids = suspected.map((index) => instances[index]?.instanceId ?? '');
  const told = leads.map(({ instanceId }) => instanceId);
  const least = Math.min(...leads.map((lead) => lead.leadMinutes ?? Number.NEGATIVE_INFINITY));
  return [
    check('instances reported by patrols', ids.toSorted().join(', '), told.toSorted().join(', ')),
    {
      what: 'shortest lead time before the alarm',
      ok: least >= leadMinutes,
      expected: `at least ${leadMinutes} min`,
      actual: `${Math.round(least)} min`,
    },
  ];
}

function checkReview(
  { repeatOffender, changeBefore, noisyAlarmOf, troubles }: NonNullable<Expectation['review']>,
  observed: Observed,
): Check[] {
  const { review, instances, notices } = observed;
  const noisy = instances[noisyAlarmOf]?.instanceId ?? '';
  const proposal = review?.proposals.find(({ alarmName }) => alarmName.endsWith(noisy));
  const { needless = 'no proposal', troublesSeen = 0 } = proposal?.proposed ?? {};
  const offenders = review?.repeatOffenders.map(({ instanceId }) => instanceId) ?? [];
  const alarms = review?.noisyAlarms.map(({ alarmName }) => alarmName) ?? [];
  const findings = review
    ? toMarkdown(review)
        .split('\n')
        .filter((line) => line.startsWith('- '))
    : [];
  const told = notices.findLast(({ subject }) => subject?.startsWith('INFO Review of '))?.message ?? '';
  return [
    check('repeat offenders of the review', instances[repeatOffender]?.instanceId ?? '', offenders.join(', ')),
    ...(changeBefore
      ? [
          check(
            'the change before most of its incidents',
            changeBefore,
            review?.repeatOffenders[0]?.changeBefore?.what ?? '',
          ),
        ]
      : []),
    check('noisy alarms of the review', noisy, alarms.map((name) => name.slice(-noisy.length)).join(', ')),
    check('needless alarms at the proposed threshold', '0', String(needless)),
    check('trouble detected at the proposed threshold', String(troubles.length), String(troublesSeen)),
    ...checkProof(troubles, noisy, observed),
    check(
      'findings missing from the review’s notice',
      'none',
      findings.filter((line) => !told.includes(line)).join('; ') || 'none',
    ),
  ];
}

function pathIn({ executions, incidents }: Observed, outcome?: string): readonly string[] {
  if (outcome === undefined) return executions[0]?.path ?? [];
  const incident = incidents.find((one) => one.outcome === outcome);
  return executions.find(({ id }) => id === incident?.executionId)?.path ?? [];
}

function checkPath(expected: readonly string[], actual: readonly string[]): Check {
  const ok = matchesPath(expected, actual);
  return { what: 'path', ok, expected: expected.join(' → '), actual: actual.join(' → ') };
}

function checkReason(part: string, actual: string): Check {
  // The words count, not how they are capitalised.
  return { what: 'reason', ok: actual.toLowerCase().includes(part.toLowerCase()), expected: `… ${part} …`, actual };
}

function check(what: string, expected: string, actual: string): Check {
  return { what, ok: expected === actual, expected, actual };
}

function tallyOf(incidents: Observed['incidents']): Record<string, number> {
  const tally: Record<string, number> = {};
  for (const { outcome, status } of incidents) tally[outcome ?? status] = (tally[outcome ?? status] ?? 0) + 1;
  return tally;
}

function showTally(tally: Partial<Record<string, number>>): string {
  return Object.entries(tally)
    .filter(([, count]) => count)
    .map(([outcome, count]) => `${count} ${outcome}`)
    .sort()
    .join(', ');
}

function show(value: unknown): string {
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** Whether a list of states matches the expected one, where `...` stands for any number of states. */
export function matchesPath(expected: readonly string[], actual: readonly string[]): boolean {
  // The possible numbers of states matched so far: one pass per expected entry, however many ways there are.
  let reached = new Set([0]);
  for (const entry of expected) {
    const next = new Set<number>();
    for (const used of reached) {
      if (entry !== '...') {
        if (actual[used] === entry) next.add(used + 1);
        continue;
      }
      for (let i = used; i <= actual.length && !next.has(i); i += 1) next.add(i);
    }
    reached = next;
  }
  return reached.has(actual.length);
}
