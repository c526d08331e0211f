import type { FleetRun } from './fleet-run';
import { say, table } from './say';

const n = (value: number, digits = 0) => value.toLocaleString('en-US', { maximumFractionDigits: digits });

/** Prints a run of a fleet. @returns whether no call was refused and every incident was handled */
export function showFleet({ instances, patrolled, storm, accounts, phases, incidents, isSound }: FleetRun): boolean {
  const title = `${n(instances)} instances in ${n(accounts)} accounts, ${n(patrolled)} of them patrolled`;
  say(`${title}; a storm of ${n(storm)} alarms in one\n`);
  table([
    ['part', 'real s', 'simulated min', 'executions', 'transitions', 'heap MB', 'result'],
    ...phases.map(({ name, realSeconds, simulatedMinutes, executions, transitions, heapMegabytes, result }) => [
      ...[name, n(realSeconds, 1), n(simulatedMinutes, 1), n(executions), n(transitions), n(heapMegabytes), result],
    ]),
  ]);
  for (const { name, calls } of phases) {
    say(`Calls of ${name}:\n`);
    table([
      ['action', 'calls', 'busiest second of an account', 'refused, tried again', 'quota'],
      ...calls.map(({ action, count, busiestSecond, refused, quota }) => [
        ...[
          action,
          n(count),
          n(busiestSecond),
          n(refused),
          quota ? `${quota.burst}, and ${quota.perSecond} a second` : '–',
        ],
      ]),
    ]);
  }
  for (const { instanceId, outcome, code, seconds } of incidents)
    say(`${instanceId}: ${outcome} (${code}) after ${n(seconds)} s`);
  say(
    isSound ? 'Every incident was handled, and what paces itself was never refused.' : 'This is not as it has to be.',
  );
  return isSound;
}
