import type { CallFact, ExecutionFact, RunFacts, Violation } from './facts';

type Check = (facts: RunFacts) => Violation[];

/** The calls that change an instance's power state, each at most once an incident. */
const powerCommands = ['StopInstances', 'StartInstances', 'RebootInstances'];

/** A stop by force follows a plain stop that hangs: it is an action of its own. */
function actionOf({ command, input }: CallFact): string {
  const isForce = command === 'StopInstances' && (input as { Force?: boolean }).Force === true;
  return isForce ? 'StopInstances by force' : command;
}

/** Changes by the playbooks; what others do to an instance has no caller. */
const effectivePower = ({ calls }: RunFacts) =>
  calls.filter(
    ({ effective, service, command, caller }) =>
      caller && effective && service === 'ec2' && powerCommands.includes(command),
  );

/** A: at most one effective stop and start an incident (an execution owns at most one incident). */
const once: Check = (facts) => {
  const counts = new Map<string, number>();
  for (const call of effectivePower(facts)) {
    const key = `${actionOf(call)} by ${call.caller?.executionId ?? 'nobody'}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count > 1)
    .map(([key, count]) => ({ invariant: 'A', what: `${key} took effect ${count} times` }));
};

/** B: no change to a target that was not eligible when it was changed. */
const onlyEligible: Check = (facts) => {
  const byId = new Map(facts.instances.map((instance) => [instance.instanceId, instance]));
  return effectivePower(facts).flatMap(({ command, resources, at, seq }) =>
    resources
      .filter((id) => byId.get(id)?.isEligibleAt(at) === false)
      .map(
        (id): Violation => ({ invariant: 'B', what: `${command} (call ${seq}) changed ${id}, which was not eligible` }),
      ),
  );
};

const records = ({ items }: RunFacts) => items.filter(({ sk }) => sk === 'RECORD');

/** Machines that watch over time: they answer no alarm, so they have no incident, or (a patrol) several. */
const watchers = /-(patrol-fleet|review-incidents|reconcile-alarms)$/;

/** The executions that had to record something: all but second deliveries of a transition, and watchers. */
const owners = ({ executions }: RunFacts) =>
  executions.filter(({ machine, path }) => path.at(-1)?.state !== 'Already handled' && !watchers.test(machine));

/** C: exactly one terminal record for each incident, with a reason that a person understands. */
const oneRecord: Check = (facts) => {
  const all = records(facts);
  const missing = owners(facts).flatMap((execution): Violation[] => {
    const own = all.filter(({ executionId, trigger }) => executionId === execution.id && trigger !== 'storm');
    if (own.length === 1 || (own.length === 0 && wasTold(facts, execution))) return [];
    return [{ invariant: 'C', what: `${execution.id} has ${own.length} records` }];
  });
  const unclear = all.filter(
    ({ status, outcome, reason, executionId }) =>
      (status !== 'CLOSED' || !outcome || !isSentence(reason)) &&
      !facts.executions.some((execution) => execution.id === executionId && wasTold(facts, execution)),
  );
  return [
    ...missing,
    ...unclear.map(
      ({ incidentId, status, reason }): Violation => ({
        invariant: 'C',
        what: `record ${incidentId} is ${status}: ${reason}`,
      }),
    ),
  ];
};

/** Where the table cannot be written there is no closed record: then a person was told about the execution itself. */
const wasPaged = ({ notices }: RunFacts, { id }: ExecutionFact) =>
  notices.some((text) => text.includes(id) && text.includes('could not be recorded'));

/** Where neither table nor topic could be reached, the execution ends red in its page state, and its alarm calls a person. */
const wasTold = (facts: RunFacts, execution: ExecutionFact) =>
  wasPaged(facts, execution) || (execution.status === 'FAILED' && /^Page /.test(execution.path.at(-1)?.state ?? ''));

const isSentence = (reason: unknown) => typeof reason === 'string' && /^[A-Z].{10,}[.)]$/s.test(reason.trim());

/** D: two incidents never change the same instance in turns: each has the lease while it works. */
const oneHolder: Check = (facts) => {
  const byInstance = new Map<string, string[]>();
  for (const call of effectivePower(facts)) {
    for (const id of call.resources) {
      const turns = byInstance.get(id) ?? [];
      const who = call.caller?.executionId ?? 'nobody';
      if (turns.at(-1) !== who) byInstance.set(id, [...turns, who]);
    }
  }
  return [...byInstance]
    .filter(([, turns]) => new Set(turns).size !== turns.length)
    .map(([id]) => ({ invariant: 'D', what: `two incidents changed ${id} in turns` }));
};

/** E: an instance is never left stopped by us without ESCALATED and a page (sent, or due because it could not be sent). */
const neverLeftStopped: Check = (facts) =>
  facts.instances.flatMap(({ instanceId, state }): Violation[] => {
    if (state !== 'stopped' && state !== 'stopping') return [];
    const last = effectivePower(facts)
      .filter(({ resources }) => resources.includes(instanceId))
      .at(-1);
    if (last?.command !== 'StopInstances') return [];
    const record = records(facts).find(({ executionId }) => executionId === last.caller?.executionId);
    const execution = facts.executions.find(({ id }) => id === last.caller?.executionId);
    const isTold = record?.noticeSentAt !== undefined || record?.noticeState === 'PENDING';
    if (record?.outcome === 'ESCALATED' && isTold) return [];
    if (execution && wasPaged(facts, execution)) return [];
    return [
      {
        invariant: 'E',
        what: `${instanceId} is left ${state}, and its incident is ${record?.outcome ?? 'not recorded'}`,
      },
    ];
  });

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

/** K: within any window at most K incidents that acted had taken a slot of the breaker. */
const atMostK: Check = (facts) => {
  const actors = new Set(effectivePower(facts).map(({ caller }) => caller?.executionId));
  const times = facts.executions
    .filter(({ id }) => actors.has(id))
    .flatMap(({ path }) => path.find(({ state }) => state === 'Plan action')?.at ?? [])
    .sort((a, b) => a - b);
  const { limit, windowMs } = facts.breaker;
  const isBurst = times.some(
    (at, index) => (times[index + limit] ?? Number.POSITIVE_INFINITY) - at < windowMs - toleranceMs,
  );
  return isBurst ? [{ invariant: 'K', what: `more than ${limit} incidents acted within one window` }] : [];
};

const checks: readonly Check[] = [once, onlyEligible, oneRecord, oneHolder, neverLeftStopped, cleanLogs, ends, atMostK];

/**
 * The one checker: asserts the invariants of docs/guarantees.md after any run.
 * @returns what was broken; empty when nothing was
 */
export function checkInvariants(facts: RunFacts): Violation[] {
  return checks.flatMap((check) => check(facts));
}
