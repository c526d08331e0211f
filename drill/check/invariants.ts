import { onlyApproved } from './approved';
import { byPlace } from './by-place';
import { closedAt, madeBy, powerChanges } from './changes';
import { onlyEligible } from './eligible';
import type { CallFact, RunFacts, Violation } from './facts';
import { onlyUnderLease, onlyWhenAllowed } from './guarded';
import { wholeOrPartial, wholeRelease } from './isolated';
import { neverLeftOut, neverLeftStopped } from './left';
import { onlyInOwnPlace } from './own-place';
import { onlyOwnStops } from './own-stops';
import { onlyByOwners } from './owners';
import { neverDownTogether } from './places';
import { oneRecord } from './records';
import { neverOpenInSilence } from './standing';

type Check = (facts: RunFacts) => Violation[];

/** A stop by force follows a plain stop that hangs: it is an action of its own. */
function actionOf({ command, input }: CallFact): string {
  const isForce = command === 'StopInstances' && (input as { Force?: boolean }).Force === true;
  return isForce ? 'StopInstances by force' : command;
}

/** A: at most one effective stop and start an incident (an execution owns at most one incident). */
const once: Check = (facts) => {
  const counts = new Map<string, number>();
  for (const call of powerChanges(facts)) {
    const key = `${actionOf(call)} by ${madeBy(call)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count > 1)
    .map(([key, count]) => ({ invariant: 'A', what: `${key} took effect ${count} times` }));
};

/** D: while an incident works on an instance, from its first change to its close, no other changes it. */
const oneHolder: Check = (facts) => {
  const all = powerChanges(facts);
  return facts.instances.flatMap(({ instanceId }) => {
    const changes = all.filter(({ resources }) => resources.includes(instanceId));
    const intruder = changes.find(({ at, caller }) =>
      changes.some(
        (first) =>
          first.caller?.executionId !== caller?.executionId && first.at <= at && at < closedAt(facts, madeBy(first)),
      ),
    );
    return intruder ? [{ invariant: 'D', what: `two incidents changed ${instanceId} at the same time` }] : [];
  });
};

/** G: every log line is one JSON object, and nothing that was planted in the input is in it. */
const cleanLogs: Check = ({ logs, planted }) =>
  logs.flatMap((line): Violation[] => {
    const leaked = planted.find((text) => line.includes(text));
    if (leaked !== undefined) return [{ invariant: 'G', what: `a log line repeats "${leaked}"` }];
    return isJsonObject(line) ? [] : [{ invariant: 'G', what: `a log line is no JSON object: ${line.slice(0, 80)}` }];
  });

function isJsonObject(line: string): boolean {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === 'object' && parsed !== null && !line.includes('\n');
  } catch {
    return false;
  }
}

/** H: every execution ends before its ceiling. */
const ends: Check = ({ executions, ceilings }) =>
  executions.flatMap(({ id, machine, startedAt, endedAt }): Violation[] => {
    const ceiling = ceilings.get(machine);
    if (endedAt === undefined) return [{ invariant: 'H', what: `${id} has not ended` }];
    if (ceiling === undefined) return [{ invariant: 'H', what: `${machine} has no ceiling` }];
    return endedAt - startedAt <= ceiling * 1000
      ? []
      : [{ invariant: 'H', what: `${id} ran longer than ${ceiling} s` }];
  });

/** Clocks of a drill differ by the latency of calls. */
const toleranceMs = 5_000;

/** The circuit breaker lets all accounts together act as often as so many of them by themselves. */
const accountsAtOnce = 2;

/** K: within any window at most K incidents of an account that acted had taken a slot of the breaker, and 2 K of all. */
const atMostK: Check = (facts) => {
  const changes = powerChanges(facts);
  const { limit } = facts.circuitBreaker;
  const ofAccounts = [...new Set(changes.map(({ account }) => account))].map((account) =>
    changes.filter((call) => call.account === account),
  );
  return [
    ...ofAccounts.filter((calls) => isBurst(calls, limit, facts)).map(() => limit),
    ...(isBurst(changes, accountsAtOnce * limit, facts) ? [accountsAtOnce * limit] : []),
  ].map((most) => ({ invariant: 'K', what: `more than ${most} incidents acted within one window` }));
};

/** Whether the executions that made these calls took more slots within one window than may be. */
function isBurst(calls: readonly CallFact[], most: number, { executions, circuitBreaker }: RunFacts): boolean {
  const actors = new Set(calls.map(madeBy));
  const times = executions
    .filter(({ id }) => actors.has(id))
    .flatMap(({ path }) => path.find(({ state }) => state === 'Plan action')?.at ?? [])
    .sort((a, b) => a - b);
  return times.some(
    (at, index) => (times[index + most] ?? Number.POSITIVE_INFINITY) - at < circuitBreaker.windowMs - toleranceMs,
  );
}

/** What holds for a run as a whole, whichever instances it is about. */
const ofRun: readonly Check[] = [once, oneRecord, cleanLogs, ends, atMostK, onlyByOwners, onlyInOwnPlace];

/** What holds for each place by itself. */
const ofPlace: readonly Check[] = [
  onlyEligible,
  onlyOwnStops,
  onlyWhenAllowed,
  oneHolder,
  onlyUnderLease,
  neverLeftStopped,
  neverLeftOut,
  wholeOrPartial,
  wholeRelease,
  onlyApproved,
  neverOpenInSilence,
  neverDownTogether,
];

/**
 * The one checker: asserts the invariants of docs/guarantees.md after any run.
 * @returns what was broken; empty when nothing was
 */
export function checkInvariants(facts: RunFacts): Violation[] {
  const found = [
    ...ofRun.flatMap((check) => check(facts)),
    ...byPlace(facts).flatMap((place) => ofPlace.flatMap((check) => check(place))),
  ];
  return [...new Map(found.map((one) => [`${one.invariant} ${one.what}`, one])).values()];
}
