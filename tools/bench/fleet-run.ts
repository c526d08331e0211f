import type { LedgerEntry } from '../../drill/cloud/ledger';
import { rateOf } from '../../drill/cloud/rates';
import type { Execution } from '../../drill/stack/machine-runner';
import { externalId, organizationId } from '../../drill/stack/spoke-roles';
import { bringUp, type Stack } from '../../drill/stack/stack';
import { alarmKinds, readAlarmName } from '../../functions/enrolment/alarm-kinds';

/** Calls of an action: how many, how many within the busiest second of an account, and the quota that the drill applies to it. */
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
  /** How many raise an alarm within a minute, all in one account. */
  storm: number;
  /** The accounts that they are in; of several, the last one has the storm, and three others have an incident each. */
  accounts: number;
}

export interface FleetRun extends Fleet {
  phases: Phase[];
  /** How each real incident ended, and after how many simulated seconds from its alarm. */
  incidents: { instanceId: string; outcome: string; code: string; seconds: number }[];
  isSound: boolean;
}

/** Alarms that are in trouble by themselves, just before the storm. */
const realIncidents = 3;
/** Until when a real incident has to be handled, in simulated seconds from its alarm: three restarts that take turns. */
const inTimeSeconds = 1_800;
const cpu = { metricName: 'CPUUtilization', value: 97 } as const;

/** Lets a fleet be enrolled, patrolled, and hit by a storm while three incidents are handled. */
export async function runFleet({ instances, patrolled, storm, accounts }: Fleet): Promise<FleetRun> {
  const start = new Date('2026-03-02T09:00:00Z');
  const variables = { MODE: 'act' };
  const places = Array.from({ length: accounts - 1 }, (_, i) => ({ account: String(200_000_000_001 + i), fleet: [] }));
  const params = {
    organizationId,
    spokeExternalId: externalId,
    spokeAccounts: places.map((one) => one.account).join(),
  };
  const given = { stage: 'dev', seed: 1, fleet: [], schedules: false, watch: true, start, variables };
  const stack = await bringUp({ ...given, places, ...(places.length > 0 ? { params } : {}) });
  try {
    const clouds = [stack.cloud, ...stack.places.map(({ cloud }) => cloud)];
    const stormy = clouds.at(-1)!;
    const hit = launch(stormy, accounts > 1 ? storm : 0);
    const others = launch(stack.cloud, patrolled);
    const alarms = () => clouds.reduce((total, { cloudWatch }) => total + enrolledIn(cloudWatch.alarms.all()), 0);
    const phases: Phase[] = [];
    const during = phaseRunner(stack, phases);
    await during('patrol', async () => {
      const { status, output, error, cause } = await runMachine(stack, 'patrol-fleet');
      if (status !== 'SUCCEEDED') throw new Error(`The patrol ended ${status}: ${error ?? ''} ${cause ?? ''}`);
      const { scored, blind } = (output as { end: { scored: number; blind: number } }).end;
      return `${status}: ${scored} scored, ${blind} without data`;
    });
    const rest = instances - patrolled - hit.length;
    const quiet = accounts > 1 ? clouds.slice(0, -1) : clouds;
    for (const [i, cloud] of quiet.entries())
      others.push(...launch(cloud, Math.floor(rest / quiet.length) + (i < rest % quiet.length ? 1 : 0)));
    await during('enrolment', async () => {
      let runs = 0;
      do {
        await runMachine(stack, 'reconcile-alarms', { report: false });
        runs++;
      } while (alarms() < instances * alarmKinds.length);
      return `${alarms()} alarms, ${runs} runs`;
    });
    await during('comparison', async () => {
      const { status } = await runMachine(stack, 'reconcile-alarms', { report: false });
      return `${status}, nothing to change`;
    });
    const before = stack.machines.executions.length;
    const real = others.slice(-realIncidents);
    await during('storm', async () => {
      for (const { instance } of real) instance.addSymptom({ ...cpu, heals: 'on-reboot' });
      // In one account the storm would cover them from its beginning on.
      if (accounts === 1) await pass(stack, 300);
      for (const { instance } of accounts > 1 ? hit : others.slice(0, storm))
        instance.addSymptom({ ...cpu, heals: 'never' });
      await pass(stack, 3_600);
      return `${stack.machines.executions.length - before} executions`;
    });
    const incidents = real.map(({ id }) => incidentOf(id, stack.machines.executions.slice(before)));
    const isRefused = phases.some(({ calls }) => calls.some(({ refused }) => refused > 0));
    const isSound =
      !isRefused && incidents.every(({ outcome, seconds }) => outcome === 'RESOLVED' && seconds <= inTimeSeconds);
    return { instances, patrolled, storm, accounts, phases, incidents, isSound };
  } finally {
    stack.end();
  }
}

const enrolledIn = (alarms: readonly { name: string }[]) =>
  alarms.filter(({ name }) => readAlarmName(name, 'dev') !== undefined).length;

const launch = ({ ec2 }: Stack['cloud'], count: number) =>
  Array.from({ length: count }, () => {
    const id = ec2.launch({});
    return { id, instance: ec2.find(id)! };
  });

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
  const byAction = new Map<string, LedgerEntry[]>();
  for (const entry of entries) {
    const action = `${entry.service}:${entry.command}`;
    const own = byAction.get(action) ?? [];
    own.push(entry);
    byAction.set(action, own);
  }
  return [...byAction]
    .map(([action, own]) => {
      const { service, command, input } = own[0]!;
      const found = rateOf(service, command, input as object);
      const seconds = new Map<string, number>();
      for (const { at, account } of own) {
        const second = `${account} ${Math.floor(at / 1000)}`;
        seconds.set(second, (seconds.get(second) ?? 0) + 1);
      }
      const count = own.length;
      const busiestSecond = [...seconds.values()].reduce((most, n) => Math.max(most, n), 0);
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
  const code = /"code":"([a-z-]+)"/.exec(JSON.stringify(output ?? {}))?.[1] ?? '';
  return { instanceId, outcome, code, seconds: ((own?.endedAt ?? Number.NaN) - (own?.startedAt ?? 0)) / 1000 };
}
