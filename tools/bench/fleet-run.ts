import type { LedgerEntry } from '../../drill/cloud/ledger';
import { rateOf } from '../../drill/cloud/rates';
import type { Execution } from '../../drill/stack/machine-runner';
import { bringUp, type Stack } from '../../drill/stack/stack';
import { alarmKinds } from '../../functions/enrolment/alarm-kinds';

/** Calls of an action: how many, how many within the busiest second, and the quota that the drill applies to it. */
export interface Calls {
  action: string;
  count: number;
  busiestSecond: number;
  /** How many of them a rate of the account refused; the SDK tries them again. */
  refused: number;
  quota?: { burst: number; perSecond: number };
}

/** What a part of the run took. */
export interface Phase {
  name: string;
  realSeconds: number;
  simulatedMinutes: number;
  /** Entered states, as AWS counts transitions. */
  transitions: number;
  executions: number;
  calls: Calls[];
  heapMegabytes: number;
  /** What came of it, in words. */
  result: string;
}

/** How large a run is. */
export interface Fleet {
  instances: number;
  /** How many of them are there when the patrol comes by. */
  patrolled: number;
  /** How many raise an alarm within a minute. */
  storm: number;
}

export interface FleetRun extends Fleet {
  phases: Phase[];
  /** How each real incident ended, and after how many simulated seconds from its alarm. */
  incidents: { instanceId: string; outcome: string; seconds: number }[];
  isSound: boolean;
}

/** Alarms that are in trouble by themselves, just before the storm. */
const realIncidents = 3;
const cpu = { metricName: 'CPUUtilization', value: 97 } as const;

/** Lets a fleet be enrolled, patrolled, and hit by a storm while three incidents are handled. */
export async function runFleet({ instances, patrolled, storm }: Fleet): Promise<FleetRun> {
  const start = new Date('2026-03-02T09:00:00Z');
  const variables = { MODE: 'act' };
  const stack = await bringUp({ stage: 'dev', seed: 1, fleet: [], schedules: false, watch: true, start, variables });
  try {
    const launch = (count: number) => Array.from({ length: count }, () => stack.cloud.ec2.launch({}));
    const ids = launch(patrolled);
    const phases: Phase[] = [];
    const during = phaseRunner(stack, phases);
    await during('patrol', async () => {
      const { status, output } = await runMachine(stack, 'patrol-fleet');
      const { scored, blind } = (output as { end: { scored: number; blind: number } }).end;
      return `${status}: ${scored} of ${patrolled} scored, ${blind} without data`;
    });
    ids.push(...launch(instances - patrolled));
    await during('enrolment', async () => {
      let runs = 0;
      do {
        await runMachine(stack, 'reconcile-alarms', { report: false });
        runs++;
      } while (stack.cloud.cloudWatch.alarms.all().length < instances * alarmKinds.length);
      return `${stack.cloud.cloudWatch.alarms.all().length} alarms, ${runs} runs`;
    });
    await during('comparison', async () => {
      const { status } = await runMachine(stack, 'reconcile-alarms', { report: false });
      return `${status}, nothing to change`;
    });
    const before = stack.machines.executions.length;
    const real = ids.slice(-realIncidents);
    await during('storm', async () => {
      for (const id of real) stack.cloud.ec2.find(id)!.addSymptom({ ...cpu, heals: 'on-reboot' });
      await pass(stack, 300);
      for (const id of ids.slice(0, storm)) stack.cloud.ec2.find(id)!.addSymptom({ ...cpu, heals: 'never' });
      await pass(stack, 3_600);
      return `${stack.machines.executions.length - before} executions`;
    });
    const incidents = real.map((id) => incidentOf(id, stack.machines.executions.slice(before)));
    const isRefused = phases.some(({ name, calls }) => name !== 'storm' && calls.some(({ refused }) => refused > 0));
    const isSound = !isRefused && incidents.every(({ outcome }) => outcome === 'RESOLVED');
    return { instances, patrolled, storm, phases, incidents, isSound };
  } finally {
    stack.end();
  }
}

function phaseRunner(stack: Stack, phases: Phase[]) {
  const transitionsOf = (executions: readonly Execution[]) =>
    executions.reduce((sum, { history }) => sum + history.filter(({ type }) => type === 'StateEntered').length, 0);
  return async (name: string, work: () => Promise<string>) => {
    const [from, real] = [stack.time.now(), performance.now()];
    const calls = stack.cloud.ledger.entries.length;
    const executions = stack.machines.executions.length;
    const entered = transitionsOf(stack.machines.executions);
    const result = await work();
    phases.push({
      name,
      realSeconds: (performance.now() - real) / 1000,
      simulatedMinutes: (stack.time.now() - from) / 60_000,
      transitions: transitionsOf(stack.machines.executions) - entered,
      executions: stack.machines.executions.length - executions,
      calls: callsOf(stack.cloud.ledger.entries.slice(calls)),
      heapMegabytes: process.memoryUsage().heapUsed / 1_000_000,
      result,
    });
  };
}

function callsOf(entries: readonly LedgerEntry[]): Calls[] {
  const bySecond = new Map<string, Map<number, number>>();
  for (const { service, command, at } of entries) {
    const action = `${service}:${command}`;
    const seconds = bySecond.get(action) ?? new Map<number, number>();
    const second = Math.floor(at / 1000);
    seconds.set(second, (seconds.get(second) ?? 0) + 1);
    bySecond.set(action, seconds);
  }
  return [...bySecond]
    .map(([action, seconds]) => {
      const { service, command, input } = entries.find((one) => `${one.service}:${one.command}` === action)!;
      const found = rateOf(service, command, input as object);
      const counts = [...seconds.values()];
      const count = counts.reduce((sum, n) => sum + n, 0);
      const busiestSecond = counts.reduce((most, n) => Math.max(most, n), 0);
      const own = entries.filter((one) => `${one.service}:${one.command}` === action);
      const refused = own.filter(({ errorName = '' }) => /Throttl|RequestLimitExceeded/.test(errorName)).length;
      return { action, count, busiestSecond, refused, ...(found ? { quota: { ...found.rate } } : {}) };
    })
    .sort((a, b) => b.count - a.count);
}

async function runMachine(stack: Stack, name: string, input: unknown = {}): Promise<Execution> {
  const machine = stack.resources.find(
    ({ type, arn }) => type === 'AWS::StepFunctions::StateMachine' && arn.endsWith(`-${name}`),
  );
  const execution = stack.machines.start(machine!.arn, input);
  await stack.time.runUntil(() => execution.status !== 'RUNNING', 12 * 3_600_000);
  return execution;
}

/** Lets simulated time pass. */
async function pass({ time }: Stack, seconds: number): Promise<void> {
  const until = time.now() + seconds * 1000;
  const timer = setTimeout(() => {}, seconds * 1000);
  await time.runUntil(() => time.now() >= until, 2 * seconds * 1000 + 60_000);
  clearTimeout(timer);
}

/** The execution that worked on an instance, by how it ended. */
function incidentOf(instanceId: string, executions: readonly Execution[]) {
  const own = executions.find(({ input }) => JSON.stringify(input).includes(instanceId));
  const output = own?.history.findLast((event) => event.type === 'StateExited' && event.state === 'Close incident');
  const outcome = /"outcome":"([A-Z]+)"/.exec(JSON.stringify(output ?? {}))?.[1] ?? own?.status ?? 'no execution';
  return { instanceId, outcome, seconds: ((own?.endedAt ?? Number.NaN) - (own?.startedAt ?? 0)) / 1000 };
}
