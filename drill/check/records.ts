import type { ExecutionFact, RunFacts, Violation } from './facts';

/** The records of all incidents, storms' parents among them. */
export const allRecords = ({ items }: RunFacts) => items.filter(({ sk }) => sk === 'RECORD');

/** Whether an item is one of an incident's, in one of several partitions: earlier releases had only one. */
export const isOf = (pk: unknown, partitions: readonly string[], incidentId: unknown) =>
  partitions.some((partition) => pk === `${partition}#${incidentId}`);

/** Machines that watch over time: they answer no alarm, so they have no incident, or (a patrol) several. */
const watchers = /-(patrol-fleet|review-incidents|reconcile-alarms)$/;

/** The record of what an execution did; a storm's parent only carries the name of the execution that saw the storm first. */
export const recordOf = (facts: RunFacts, executionId: string | undefined) =>
  allRecords(facts).find((record) => record.executionId === executionId && record.trigger !== 'storm');

/** The executions that had to record something: all but second deliveries of a transition, and watchers. */
const owners = ({ executions }: RunFacts) =>
  executions.filter(({ machine, path }) => path.at(-1)?.state !== 'Already handled' && !watchers.test(machine));

/** C: exactly one terminal record for each incident, with a reason that a person understands. */
export function oneRecord(facts: RunFacts): Violation[] {
  const all = allRecords(facts);
  const missing = owners(facts).flatMap((execution): Violation[] => {
    const own = all.filter(({ executionId, trigger }) => executionId === execution.id && trigger !== 'storm');
    if (own.length === 1 || (own.length === 0 && isReported(facts, execution))) return [];
    return [{ invariant: 'C', what: `${execution.id} has ${own.length} records` }];
  });
  const unclear = all.filter(
    ({ status, outcome, reason, executionId }) =>
      (status !== 'CLOSED' || !outcome || !isSentence(reason)) &&
      !facts.executions.some((execution) => execution.id === executionId && isReported(facts, execution)),
  );
  return [
    ...missing,
    ...untold(all),
    ...unclear.map(
      ({ incidentId, status, reason }): Violation => ({
        invariant: 'C',
        what: `record ${incidentId} is ${status}: ${reason}`,
      }),
    ),
  ];
}

/** C: what has no notice of its own because another incident's covers it is covered indeed. */
function untold(all: RunFacts['items']): Violation[] {
  const tells = new Set(all.filter((one) => one.noticeSentAt || one.noticeState).map(({ incidentId }) => incidentId));
  return all.flatMap(({ incidentId, extra }): Violation[] => {
    const teller = (extra as { toldBy?: string } | undefined)?.toldBy;
    if (teller === undefined || tells.has(teller)) return [];
    return [{ invariant: 'C', what: `record ${incidentId} leaves its notice to ${teller}, which has none` }];
  });
}

/** Where the table cannot be written there is no closed record: then a person was told about the execution itself. */
export const wasPaged = ({ notices }: RunFacts, { id }: ExecutionFact) =>
  notices.some((text) => text.includes(id) && text.includes('could not be recorded'));

/** Where neither table nor topic could be reached, the execution ends red in its page state, and its alarm calls a person. */
const isReported = (facts: RunFacts, execution: ExecutionFact) =>
  wasPaged(facts, execution) || (execution.status === 'FAILED' && /^Page /.test(execution.path.at(-1)?.state ?? ''));

const isSentence = (reason: unknown) => typeof reason === 'string' && /^[A-Z].{10,}[.)]$/s.test(reason.trim());
