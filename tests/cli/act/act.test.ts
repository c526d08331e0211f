import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { clean } from '../../../cli/act/clean';
import { costLine, costOf } from '../../../cli/act/cost';
import { knownInstances, ledgerFile, ledgerIn } from '../../../cli/act/ledger';
import { prepareAct } from '../../../cli/act/prepare';
import { type ActReport, actExitCode, actRun } from '../../../cli/act/run';
import type { Line } from '../../../cli/doctor/line';
import { stageClients } from '../../../drill/stage/clients';
import { subnet, ThrowawayWorld, type Trouble } from '../../fixtures/throwaway-world';
import type { WireEndpoint } from '../../fixtures/wire-stage';

let world: ThrowawayWorld;
let stage: WireEndpoint;
let folder: string;
let now: number;

const environment = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'us-east-1',
  AWS_MAX_ATTEMPTS: '1',
};
const before = { ...process.env };
beforeAll(() => Object.assign(process.env, environment));
afterAll(() => {
  process.env = before;
});
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'act-'));
  await fresh();
});
afterEach(async () => {
  await stage.close();
  rmSync(folder, { recursive: true });
});

async function fresh(mode = 'act'): Promise<void> {
  await stage?.close();
  world = new ThrowawayWorld();
  world.mode = mode;
  stage = await world.endpoint();
  now = Date.parse('2026-05-05T10:00:00Z');
}

const clients = () => ({
  ...stageClients({ region: 'us-east-1', endpoint: stage.endpoint }),
  cloudWatch: new CloudWatchClient({ region: 'us-east-1', endpoint: stage.endpoint }),
});
const clock = (signal = new AbortController().signal) => ({
  now: () => new Date(now),
  // Waiting takes no time but the clock's.
  wait: async (ms: number) => {
    now += ms;
  },
  signal,
});

async function run(
  trouble: (abort: () => void) => Trouble = () => ({}),
): Promise<{ report: ActReport; said: string[] }> {
  const { machines, settings } = await prepared();
  const interrupted = new AbortController();
  world.trouble = trouble(() => interrupted.abort());
  world.calls.length = 0;
  const said: string[] = [];
  const report = await actRun({
    options: { stage: 'dev', subnet, runId: 'abc123', requestedBy: 'kim' },
    ...{ clients: clients(), machines, settings, clock: clock(interrupted.signal) },
    ledger: ledgerIn(ledgerFile(folder, 'dev', 'abc123'), () => new Date(now)),
    say: (line) => said.push(line),
    onLine: () => {},
  });
  return { report, said };
}

async function cleanAll(): Promise<Line[]> {
  world.trouble = {};
  const machines = [...(await prepared()).machines.values()];
  return clean({ stage: 'dev', clients: clients(), clock: clock(), machines, known: knownInstances(folder, 'dev') });
}

let known: ReturnType<typeof prepareAct> | undefined;
/** The stage is the same in every world. */
function prepared(): ReturnType<typeof prepareAct> {
  known ??= prepareAct(clients(), 'dev');
  return known;
}

const lineOf = ({ lines }: ActReport, id: string) => lines.find((line) => line.id === id);

test('every playbook acts on an instance that is small, encrypted and without a public address, and all of it is removed', async () => {
  const { report, said } = await run();
  const asked = stage.asked.find(({ action }) => action === 'RunInstances')!.input;

  expect(asked).toMatchObject({
    InstanceType: 't4g.nano',
    'NetworkInterface.1.SubnetId': subnet,
    'NetworkInterface.1.AssociatePublicIpAddress': 'false',
    'BlockDeviceMapping.1.Ebs.Encrypted': 'true',
    'MetadataOptions.HttpTokens': 'required',
  });
  expect(report.lines.filter(({ id }) => id.startsWith('act-')).map(({ id, verdict }) => `${id} ${verdict}`)).toEqual([
    'act-instance ok',
    'act-scan ok',
    'act-restart ok',
    'act-isolate ok',
    'act-release ok',
    'act-block ok',
  ]);
  expect(said.filter((line) => /npm run approve -- inc-[0-9a-f]{20} --yes --stage dev/.test(line)).length).toBe(3);
  const release = world.executions.find(({ machine }) => machine.endsWith('release-instance'))!;
  expect(release.input).toMatchObject({ isolatedBy: expect.stringMatching(/^inc-/), drill: true, requestedBy: 'kim' });
  // What nobody removes for us expires by itself.
  expect(world.executions.at(-1)!.input).toMatchObject({ cidr: '198.51.100.77/32', minutes: 1 });
  expect(world.left()).toEqual([]);
  expect(actExitCode(report)).toBe(0);
});

test('what is made is in the ledger before it is made', async () => {
  const file = ledgerFile(folder, 'dev', 'abc123');
  const seen: [string, number][] = [];
  const original = stage.answers['ec2:RunInstances']!;
  stage.answers['ec2:RunInstances'] = (input, wire) => {
    seen.push([
      'instance',
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line.includes('instance-asked')).length,
    ]);
    return original(input, wire);
  };
  const start = stage.answers['states:StartExecution']!;
  stage.answers['states:StartExecution'] = (input, wire) => {
    seen.push(['execution', readFileSync(file, 'utf8').includes(String(input.name)) ? 1 : 0]);
    return start(input, wire);
  };
  await run();

  expect(seen.map(([, count]) => count)).toEqual([1, 1, 1, 1, 1, 1]);
  expect(knownInstances(folder, 'dev')).toEqual([...world.instances.keys()]);
});

test('a ledger that cannot be written makes nothing', async () => {
  const { machines, settings } = await prepareAct(clients(), 'dev');
  const report = await actRun({
    options: { stage: 'dev', subnet, runId: 'abc123', requestedBy: 'kim' },
    ...{ clients: clients(), machines, settings, clock: clock(), say: () => {}, onLine: () => {} },
    ledger: ledgerIn('/dev/null/no-folder/ledger.jsonl', () => new Date(now)),
  });

  expect(world.instances.size).toBe(0);
  expect(lineOf(report, 'act-instance')).toMatchObject({
    verdict: 'fail',
    said: expect.stringContaining('cannot be written'),
  });
});

test('Ctrl-C at each call leaves nothing, wherever the run is', async () => {
  await run();
  const calls = world.calls.length;
  const left: string[] = [];
  for (let at = 1; at <= calls; at += 1) {
    await fresh();
    const { report } = await run((abort) => ({ interrupt: { at, abort } }));
    if (world.left().length > 0) left.push(`after call ${at} (${world.calls[at - 1]}): ${world.left().join(', ')}`);
    const isRemoving = report.lines.some(({ id }) => id === 'act-block');
    if (!report.isInterrupted && !isRemoving) left.push(`call ${at} was not interrupted`);
  }

  expect(calls).toBeGreaterThan(25);
  expect(left).toEqual([]);
});

test.each([true, false])(
  'a crash at each call leaves nothing that --clean does not find (it took effect: %s)',
  async (hasEffect) => {
    await run();
    const calls = world.calls.length;
    const left: string[] = [];
    let found = 0;
    for (let at = 1; at <= calls; at += 1) {
      await fresh();
      await run(() => ({ crash: { at, hasEffect } }));
      found += world.left().length > 0 ? 1 : 0;
      const lines = await cleanAll();
      const bad = lines.filter(({ verdict }) => verdict !== 'ok').map(({ said }) => said);
      if (world.left().length > 0 || bad.length > 0)
        left.push(`after call ${at} (${world.calls[at - 1]}): ${[...world.left(), ...bad].join(', ')}`);
    }

    expect(found).toBeGreaterThan(15);
    expect(left).toEqual([]);
  },
);

test('a refusal at each call is said with what to do, and what it leaves goes by --clean', async () => {
  await run();
  const calls = world.calls.length;
  const wrong: string[] = [];
  for (let at = 1; at <= calls; at += 1) {
    await fresh();
    const { report } = await run(() => ({ refuse: { at, code: 'UnauthorizedOperation' } }));
    const bad = report.lines.filter(({ verdict }) => verdict !== 'ok');
    const action = world.calls[at - 1]!;
    if (bad.length === 0) wrong.push(`${at} ${action}: nobody is told`);
    for (const { id, todo } of bad) if (!todo) wrong.push(`${at} ${action}: ${id} says nothing to do`);
    if (actExitCode(report) !== 1) wrong.push(`${at} ${action}: exit code ${actExitCode(report)}`);
    await cleanAll();
    if (world.left().length > 0) wrong.push(`${at} ${action} leaves ${world.left().join(', ')}`);
  }

  expect(wrong).toEqual([]);
});

test('--clean removes what is left of several runs, and leaves other stages and other instances alone', async () => {
  await run(() => ({ crash: { at: 14, hasEffect: true } }));
  const others = { state: 'running', isProtected: false, keepsVolume: false, volume: 'vol-other' };
  world.instances.set('i-other', { ...others, tags: {} });
  world.instances.set('i-of-prod', { ...others, tags: { 'incident-playbooks:smoke': 'prod/abc123' } });
  world.snapshots.set('snap-other', { 'incident-playbooks:instance': 'i-other' });
  world.alarms.add('restart-instance-dev-cpu-high-i-other');
  world.executions.push({
    machine: 'incident-playbooks-dev-restart-instance',
    name: 'somebody-else',
    status: 'RUNNING',
    input: {},
  });
  const own = [...world.instances.keys()][0]!;

  await cleanAll();

  expect(world.instances.get(own)!.state).toBe('terminated');
  expect(world.left().sort()).toEqual(
    ['i-of-prod', 'i-other', 'restart-instance-dev-cpu-high-i-other', 'snap-other', 'somebody-else'].sort(),
  );
  expect(await cleanAll()).toEqual([]);
});

test('an instance that EC2 does not show yet is waited for, on its way up and when it goes', async () => {
  world.hidden = 3;
  const { report } = await run();
  expect(actExitCode(report)).toBe(0);

  await fresh();
  const crashed = await run(() => {
    world.hidden = 2;
    return { refuse: { at: 1, code: 'InternalError' } };
  });
  expect(lineOf(crashed.report, 'act-instance')?.verdict).toBe('fail');
  expect(world.left()).toEqual([]);
});

test.each([
  ['patch-instance', 'UNMANAGED', 'act-scan', /pass --profile/],
  ['restart-instance', 'ESCALATED', 'act-restart', /Read the incident/],
  ['isolate-instance', 'ESCALATED', 'act-release', /Fix the isolation first/],
  ['isolate-instance', 'PARTIAL', 'act-isolate', /Read the incident/],
  ['block-traffic', 'SKIPPED', 'act-block', /Read the incident/],
])('%s that ends %s is no success: %s says what to do', async (playbook, outcome, id, todo) => {
  world.outcomes = { [playbook]: outcome };
  const { report } = await run();

  expect(lineOf(report, id)).toMatchObject({ todo: expect.stringMatching(todo) });
  expect(actExitCode(report)).toBe(1);
  expect(world.left()).toEqual([]);
});

test('a stage that observes makes nothing, and is told so', async () => {
  await fresh('observe');

  await expect(prepareAct(clients(), 'dev')).rejects.toThrow(
    /observe mode and would change nothing\. Deploy it with mode: act/,
  );
  await expect(prepareAct(clients(), 'nowhere')).rejects.toThrow(
    /There is no state machine "incident-playbooks-nowhere-patch-instance"/,
  );
  expect(world.instances.size).toBe(0);
});

test('the cost is said with its arithmetic before anything is made', () => {
  // 0.0042 an hour, 8 GB at 0.08 + 0.05 and 4 alarms at 0.10 a month of 730 hours, for 4 hours.
  expect(costOf(4)).toBeCloseTo(4 * (0.0042 + (8 * 0.13 + 0.4) / 730), 10);
  expect(costLine()).toContain('At most about $0.025 for 4 hours');
});

test.each([
  [['--act'], /--act needs --subnet/],
  [['--act', '--clean', '--subnet', subnet], /either --act or --clean/],
  [[], /required option '--instance <id>' not specified/],
  [['--act', '--subnet', subnet], /^Nothing was made: there is no terminal to confirm; pass --yes to make it\.\n$/],
])('smoke %j ends with 2 and makes nothing', async (args, line) => {
  const { code, stderr } = await smoke(args);

  expect(code).toBe(2);
  expect(stderr).toMatch(line);
  expect(world.instances.size).toBe(0);
});

test('smoke --clean says what it has removed, and that nothing is left', async () => {
  await run(() => ({ crash: { at: 14, hasEffect: true } }));
  world.trouble = {};
  for (const one of world.instances.values()) one.state = 'terminated';
  const first = await smoke(['--clean']);
  const second = await smoke(['--clean', '--json']);

  expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining('deleted: snap-') });
  expect(second).toMatchObject({ code: 0, stderr: 'Nothing is left of smoke tests of stage dev.\n' });
  expect(JSON.parse(second.stdout)).toEqual({ lines: [], isInterrupted: false });
  expect(world.left()).toEqual([]);
});

/** Runs the command as its npm script would; not synchronously, because the world that it asks is in this process. */
function smoke(args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = {
    ...{ PATH: process.env.PATH, HOME: '/nonexistent', AWS_EC2_METADATA_DISABLED: 'true', NODE_NO_WARNINGS: '1' },
    ...{ ...environment, AWS_ENDPOINT_URL: stage.endpoint },
  };
  const root = join(__dirname, '..', '..', '..');
  const command = ['--import', 'tsx', 'cli/smoke.ts', '--stage', 'dev', ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: root, env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}
