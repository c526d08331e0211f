import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import dynalite from 'dynalite';
import { loadScenario } from '../../drill/scenario/load';
import { runScenario } from '../../drill/scenario/run';
import { stopRecordStore } from '../../drill/stack/record-store';
import { asAwsExport } from '../fixtures/aws-history';
import { describedTable } from '../fixtures/table';
import { type WireEndpoint, wireStage } from '../fixtures/wire-stage';

const root = join(__dirname, '..', '..');
const TableName = 'incident-playbooks-dev-incidents';
const instanceId = 'i-0123456789abcdef0';
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

let engine: Server;
let stage: WireEndpoint;
let table: DynamoDBDocumentClient;
let environment: NodeJS.ProcessEnv;
let folder: string;

function record(incidentId: string, openedAt: string, more: Record<string, unknown> = {}) {
  const executionId = `arn:aws:states:us-east-1:123456789012:execution:incident-playbooks-dev-restart-instance:${incidentId}`;
  return {
    ...{ pk: `INCIDENT#${incidentId}`, sk: 'RECORD', recordVersion: 3, incidentId, executionId, drill: false },
    ...{ playbook: 'restart-instance', trigger: 'alarm', mode: 'act', openedAt, openedMonth: openedAt.slice(0, 7) },
    ...{ status: 'OPEN', instanceId, extra: { notes: [] }, ...more },
  };
}
const closed = (outcome: string, code: string, reason: string) => ({
  ...{ status: 'CLOSED', outcome, code, reason, closedAt: ago(1) },
});
const put = (Item: Record<string, unknown>) => table.send(new PutCommand({ TableName, Item }));

beforeAll(async () => {
  const result = await runScenario(await loadScenario('stop-hangs'));
  await stopRecordStore();
  stage = await wireStage({
    latest: {
      ...{ MODE: 'act', BREAKER_LIMIT: '2', BREAKER_WINDOW_MINUTES: '30' },
      ...{ STORM_LIMIT: '8', STORM_WINDOW_MINUTES: '5' },
    },
    history: asAwsExport(result.executions[0]!.history).events,
    instances: [{ id: instanceId, tags: { 'incident-playbooks:quarantined-by': 'inc-0a' } }],
    alarms: ['incident-playbooks-dev-notices-due', 'another-alarm'],
  });
  engine = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 }) as unknown as Server;
  engine.listen(0, '127.0.0.1');
  await once(engine, 'listening');
  const dynamo = `http://127.0.0.1:${(engine.address() as AddressInfo).port}`;
  folder = await mkdtemp(join(tmpdir(), 'incidents-'));
  environment = {
    ...{ PATH: process.env.PATH, HOME: '/nonexistent', AWS_EC2_METADATA_DISABLED: 'true', NODE_NO_WARNINGS: '1' },
    ...{ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
    ...{ AWS_ENDPOINT_URL: stage.endpoint, AWS_ENDPOINT_URL_DYNAMODB: dynamo },
  };
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new DynamoDBClient({ endpoint: dynamo, region: 'us-east-1', credentials });
  table = DynamoDBDocumentClient.from(client);
  await client.send(new CreateTableCommand({ ...describedTable(), TableName }));
  for (let status: string | undefined; status !== 'ACTIVE'; )
    status = (await client.send(new DescribeTableCommand({ TableName }))).Table?.TableStatus;
  const hangs = closed('ESCALATED', 'stop-hangs', 'The stop hangs: \u001b[2Jthe instance is still stopping.');
  await put(record('inc-00000000000000000001', ago(120), hangs));
  await put(record('inc-00000000000000000002', ago(60)));
  const ended = {
    ...closed('RESOLVED', 'recovered', 'The alarm is OK.'),
    noticeState: 'PENDING',
    instanceId: 'i-99999999',
  };
  await put(record('inc-00000000000000000003', ago(30), ended));
  await put({
    pk: 'INCIDENT#inc-00000000000000000001',
    sk: 'ENTRY#stop',
    key: 'stop',
    at: ago(119),
    what: 'Asked EC2 to stop it.',
  });
});
afterAll(async () => {
  await stage.close();
  engine.closeAllConnections();
  engine.close();
  await rm(folder, { recursive: true });
});

interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command as its npm script would; not synchronously, because the stage that it asks is in this process. */
function run(tool: string, args: string[], more: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const command = ['--import', 'tsx', join('cli', tool), ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: root, env: { ...environment, ...more } }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

/** Writes at the end of a process which modules of the project it has loaded. */
const loadedAtExit = `data:text/javascript,import{createRequire}from'node:module';const{cache}=createRequire(process.cwd()+'/x');process.on('exit',()=>process.stderr.write('loaded '+Object.keys(cache).join(' ')))`;
const loadedBy = async (tool: string, args: string[]) => {
  const { stderr } = await run(tool, args, { NODE_OPTIONS: `--import "${loadedAtExit}"` });
  return /loaded (.*)$/s
    .exec(stderr)![1]!
    .split(' ')
    .map((file) => relative(root, file));
};

const idsIn = (text: string) => [...text.matchAll(/inc-0+(\d)/g)].map(([, id]) => id);

test('incidents lists the open ones first, then the newest, and filters', async () => {
  const [all, escalated, open, ofInstance, recent] = await Promise.all([
    run('incidents.ts', ['--stage', 'dev']),
    run('incidents.ts', ['--stage', 'dev', '--outcome', 'escalated']),
    run('incidents.ts', ['--stage', 'dev', '--outcome', 'OPEN']),
    run('incidents.ts', ['--stage', 'dev', '--instance', 'i-99999999']),
    run('incidents.ts', ['--stage', 'dev', '--since', '45m']),
  ]);

  expect(all).toMatchObject({ code: 0, stderr: '' });
  expect(idsIn(all.stdout)).toEqual(['2', '3', '1']);
  expect([escalated, open, ofInstance, recent].map(({ stdout }) => idsIn(stdout))).toEqual([
    ['1'],
    ['2'],
    ['3'],
    ['3'],
  ]);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal would obey
  expect(all.stdout).not.toMatch(/\u001b/);
});

test('incidents of an account are those of its places, or of the account that the executions are in', async () => {
  const [own, other] = await Promise.all([
    run('incidents.ts', ['--stage', 'dev', '--account', '123456789012']),
    run('incidents.ts', ['--stage', 'dev', '--account', '210987654321']),
  ]);

  expect(idsIn(own.stdout)).toEqual(['2', '3', '1']);
  expect(other.stdout).toMatch(/^No such incident of dev was opened since /);
});

test('one incident shows how it ended, what to do with the command, and its timeline; as JSON too', async () => {
  const id = 'inc-00000000000000000001';
  const [told, json] = await Promise.all([
    run('incidents.ts', [id, '--stage', 'dev']),
    run('incidents.ts', [id, '--stage', 'dev', '--json']),
  ]);

  expect(told.stdout).toContain('ESCALATED  The stop hangs');
  expect(told.stdout).toContain(`aws ec2 stop-instances --force --instance-ids ${instanceId} --region us-east-1`);
  expect(told.stdout).toContain('Asked EC2 to stop it.');
  expect(JSON.parse(json.stdout)).toMatchObject({ incidentId: id, code: 'stop-hangs', timeline: [{ key: 'stop' }] });
});

test('--report writes the page of an incident, without its ARN', async () => {
  const { code, stdout } = await run('incidents.ts', [
    'inc-00000000000000000001',
    '--stage',
    'dev',
    '--report',
    folder,
  ]);
  const page = await readFile(join(folder, 'inc-00000000000000000001.html'), 'utf8');

  expect(code).toBe(0);
  expect(stdout).toContain(`Report: ${join(folder, 'inc-00000000000000000001.html')}`);
  expect(page).toContain('Asked EC2 to stop it.');
  expect(page).toContain('data-state="Stop instance"');
});

test('--follow tells what is written until the incident is over', async () => {
  const id = 'inc-00000000000000000002';
  const following = run('incidents.ts', [id, '--stage', 'dev', '--follow']);
  await put({ pk: `INCIDENT#${id}`, sk: 'ENTRY#start', key: 'start', at: ago(0), what: 'Asked EC2 to start it.' });
  await put(record(id, ago(60), closed('RESOLVED', 'recovered', 'All is well.')));

  const { stdout } = await following;
  await put(record(id, ago(60)));

  expect(stdout).toContain('Asked EC2 to start it.');
  expect(stdout).toContain('RESOLVED  All is well.');
});

test.each([
  [
    'incidents.ts',
    ['--stage', 'nowhere'],
    /^Stage nowhere could not be read from .*: not found in this account and region .*\n$/,
  ],
  ['incidents.ts', ['inc-ffffffffffffffffffff', '--stage', 'dev'], /^There is no incident inc-f+ in stage dev\.\n$/],
  ['incidents.ts', ['--stage', 'dev', '--since', 'soon'], /'soon' is invalid/],
  ['incidents.ts', ['--stage', 'dev', '--follow'], /--follow needs the ID of an incident/],
  ['incidents.ts', ['--stage', 'dev', '--since', '2999-01-01'], /It lies in the future\.\n$/],
  ['incidents.ts', ['--stage', 'dev', '--outcome', 'escalate'], /'escalate' is invalid\. It is OPEN, RESOLVED, /],
  ['incidents.ts', ['--stage', 'dev', '--instance', 'web-1'], /'web-1' is invalid\. It is the ID of an instance/],
  ['incidents.ts', ['inc-1', '--stage', 'dev'], /'inc-1' is invalid .* It is the ID of an incident/],
  ['incidents.ts', ['--stage', 'Dev!'], /'Dev!' is invalid\. It is up to 20 characters/],
  ['incidents.ts', ['inc-00000000000000000001', '--stage', 'dev', '--outcome', 'OPEN'], /--outcome filters the list/],
  ['status.ts', ['--stage', 'Dev!'], /'Dev!' is invalid\. It is up to 20 characters/],
  ['approve.ts', ['inc-1', '--yes', '--stage', 'dev'], /'inc-1' is invalid .* It is the ID of an incident/],
  ['approve.ts', ['inc-00000000000000000001', '--stage', 'dev'], /^pass either --yes or --no\n$/],
  ['approve.ts', [], /required option '--stage <stage>' not specified/],
  ['kill-switch.ts', ['--stage', 'dev', '--reason', 'x'], /^pass either --on or --off\n$/],
  [
    'kill-switch.ts',
    ['--stage', 'nowhere', '--on', '--reason', 'x'],
    /^The kill switch of nowhere was NOT changed: not found in this account and region .*\n$/,
  ],
  [
    'status.ts',
    ['--stage', 'nowhere'],
    /^Stage nowhere could not be read from .*: not found in this account and region .*\n$/,
  ],
  ['status.ts', [], /required option '--stage <stage>' not specified/],
  [
    'status.ts',
    ['--stage', 'dev', '--account', '1234'],
    /--account <id>.*'1234' is invalid\. It is the ID of an account/,
  ],
  [
    'status.ts',
    ['--stage', 'dev', '--account', '999988887777'],
    /^--account 999988887777: stage dev does not look after this account; it names no accounts\n$/,
  ],
  ['kill-switch.ts', ['--stage', 'dev', '--on'], /required option '--reason <text>' not specified/],
  ['kill-switch.ts', ['--stage', 'dev', '--on', '--reason', ' '], /--reason must say why/],
])('%s %j ends with 2 and one clear line', async (tool, args, line) => {
  const { code, stdout, stderr } = await run(tool, args);

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(line);
});

test.each<[string, string[]]>([
  ['incidents.ts', ['--stage', 'dev']],
  ['incidents.ts', ['inc-00000000000000000001', '--stage', 'dev']],
  ['status.ts', ['--stage', 'dev']],
])('%s %j loads nothing that takes long and is not asked for', async (tool, args) => {
  const loaded = await loadedBy(tool, args);

  expect(loaded).toContain(join('cli', tool));
  const slow = [
    /^drill\/(cloud|scenario|stack|chaos|check)\//,
    /^drill\/report\/report\.ts$/,
    /^functions\/anomaly\/judge\.ts$/,
    /^node_modules\/(serverless|dynalite|aws-local-stepfunctions)\//,
  ];
  expect(loaded.filter((file) => slow.some((one) => one.test(file)))).toEqual([]);
});

test.each([
  ['incidents.ts', ['--stage', 'dev'], /^Stage dev could not be read from .*: no credentials were found: .*\n$/],
  ['status.ts', ['--stage', 'dev'], /^Stage dev could not be read from .*: no credentials were found: .*\n$/],
  [
    'kill-switch.ts',
    ['--stage', 'dev', '--on', '--reason', 'x'],
    /^The kill switch of dev was NOT changed: no credentials were found: .*\n$/,
  ],
  [
    'approve.ts',
    ['inc-00000000000000000001', '--yes', '--stage', 'dev'],
    /^Nothing was answered in dev: no credentials were found: .*\n$/,
  ],
])('%s without credentials says so in one line', async (tool, args, line) => {
  const none = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
  const { code, stderr } = await run(tool, args, none);

  expect(code).toBe(2);
  expect(stderr).toMatch(line);
});

test('status says how the stage is; the kill switch is turned by whom AWS says', async () => {
  const turned = await run('kill-switch.ts', ['--stage', 'dev', '--on', '--reason', 'maintenance']);
  const { Item } = await table.send(new GetCommand({ TableName, Key: { pk: 'CONTROL', sk: 'KILL_SWITCH' } }));
  await put({
    pk: 'FLEET',
    sk: 'BREAKER',
    version: 1,
    slots: [
      { incidentId: 'a', at: ago(5) },
      { incidentId: 'b', at: ago(4) },
    ],
  });
  await put({ pk: 'FLEET', sk: 'STORM', startedAt: ago(4), lastAt: ago(1), size: 40 });
  const mark = { failures: 1, until: ago(-60), by: 'inc-00000000000000000001', why: 'There was no capacity.' };
  await put({ pk: 'FLEET', sk: 'PLACES', version: 1, marks: { 'ZONE#us-east-1a': mark } });

  const { code, stdout, stderr } = await run('status.ts', ['--stage', 'dev']);

  expect(turned.stdout).toBe('The kill switch of dev is on: nothing will be changed.\n');
  expect(Item).toMatchObject({ on: true, by: stage.caller, reason: 'maintenance' });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const lines = Object.fromEntries(
    stdout
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(/ {2,}/)),
  );
  expect(lines).toMatchObject({
    mode: 'act',
    'kill switch': expect.stringMatching(/^on since .* \(.*on-call\/kim: maintenance\)$/),
    'circuit breaker': 'open: 2 of 2 actions in 30 minutes',
    storms: 'alarms (40)',
    'starts fail in': expect.stringMatching(/^us-east-1a until .* \(There was no capacity\.\)$/),
    'notices due': 'inc-00000000000000000003',
    blocks: 'none',
    isolated: `${instanceId} (by inc-0a)`,
    'own alarms': 'incident-playbooks-dev-notices-due',
  });
});

test('what cannot be read of a stage is said, and hides nothing else', async () => {
  stage.refused = { DescribeAlarms: 'AccessDenied' };
  const { code, stdout } = await run('status.ts', ['--stage', 'dev']);
  stage.refused = {};

  expect(code).toBe(0);
  expect(stdout).toMatch(/^own alarms +not known: your credentials do not allow this/m);
  expect(stdout).toMatch(/^mode +act$/m);
});

describe('status of a stage that looks after several accounts', () => {
  const [own, spoke, lost] = ['123456789012', '210987654321', '310987654321'];
  const place = { account: spoke, region: 'us-east-1' };
  const linesOf = (stdout: string) =>
    Object.fromEntries(
      stdout
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(/ {2,}/)),
    );
  const round = (account: string, minutes: number) => ({
    ...{ pk: 'ENROLMENT', sk: `RECONCILE#${account}#us-east-1`, triedAt: ago(1) },
    round: { doneAt: ago(minutes), instances: 1, alarms: 4, problems: [], problemCount: 0 },
  });

  beforeAll(async () => {
    stage.latest = { ...stage.latest, ACCOUNT_IDS: `${own},${spoke},${lost}`, REGIONS: 'us-east-1' };
    // The same instance ID in two accounts, each with an incident and a lease of its own.
    await put(record('inc-00000000000000000002', ago(60)));
    await put(record('inc-00000000000000000004', ago(20), { place }));
    const guard = { sk: 'GUARD', token: 1, leaseUntil: ago(-30) };
    await put({ ...guard, pk: `INSTANCE#${instanceId}`, holder: 'inc-00000000000000000002' });
    await put({ ...guard, pk: `INSTANCE#${spoke}#${instanceId}`, holder: 'inc-00000000000000000004' });
    await put({
      ...{ pk: 'FLEET', sk: 'BREAKER', version: 2 },
      slots: [
        { incidentId: 'a', at: ago(5) },
        { incidentId: 'b', at: ago(4), account: spoke },
        { incidentId: 'c', at: ago(3), account: spoke },
      ],
    });
    await put({ pk: 'STORM#ALARMS', sk: `${spoke}#STORM`, startedAt: ago(4), lastAt: ago(1), size: 12 });
    for (const [account, minutes] of [
      [own, 5],
      [spoke, 6],
      [lost, 300],
    ] as const)
      await put(round(account, minutes));
    const told = { toldAt: ago(90), incidentId: 'inc-00000000000000000009' };
    await put({ pk: `SUBJECT#account ${lost} in us-east-1`, sk: 'SUSPICION', ...told });
  });

  test('each account has a line by the stage’s own records, and what cannot be read there is said', async () => {
    const { code, stdout, stderr } = await run('status.ts', ['--stage', 'dev']);
    const lines = linesOf(stdout);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(lines).toMatchObject({
      'circuit breaker': 'closed: 1 of 2 actions of this account, 3 of 4 of all accounts, in 30 minutes',
      [`account ${own}`]: expect.stringMatching(
        /^1 incident open, 1 lease, .*starts fail in us-east-1a, last compared /,
      ),
      [`account ${spoke}`]: expect.stringMatching(
        /^1 incident open, 1 lease, circuit breaker open, storm of alarms \(12\), last compared /,
      ),
      [`account ${lost}`]: expect.stringMatching(
        /^nothing open, told as unreachable .* \(inc-00000000000000000009\), last compared /,
      ),
      'not read': `which instances are isolated in ${spoke}, ${lost}`,
    });
  });

  test('--account shows one: its incidents and leases, never those of the same instance ID elsewhere', async () => {
    const [theirs, ours] = await Promise.all(
      [spoke, own].map(async (account) =>
        linesOf((await run('status.ts', ['--stage', 'dev', '--account', account])).stdout),
      ),
    );

    expect(theirs).toMatchObject({
      'circuit breaker': 'open: 2 of 2 actions of this account, 3 of 4 of all accounts, in 30 minutes',
      storms: 'alarms (12)',
      'starts fail in': 'no place',
      'open incidents': `inc-00000000000000000004 restart-instance ${instanceId}`,
      leases: expect.stringMatching(new RegExp(`^${instanceId} \\(inc-00000000000000000004\\) until [^,]*$`)),
      isolated: expect.stringMatching(/^not read: your credentials are not of this account/),
    });
    expect(ours).toMatchObject({
      'open incidents': `inc-00000000000000000002 restart-instance ${instanceId}`,
      leases: expect.stringMatching(new RegExp(`^${instanceId} \\(inc-00000000000000000002\\) until [^,]*$`)),
      isolated: `${instanceId} (by inc-0a)`,
    });
  });

  test('incidents of an account that has none are none only where the stage looks after it', async () => {
    const [quiet, strange] = await Promise.all(
      [lost, '999988887777'].map((account) => run('incidents.ts', ['--stage', 'dev', '--account', account])),
    );

    expect(quiet!.stdout).toMatch(/^No such incident of dev was opened since /);
    expect(strange).toMatchObject({ code: 2, stdout: '' });
    expect(strange!.stderr).toMatch(/^--account 999988887777: stage dev does not look after this account; /);
  });

  test('an account that is not of the stage, or whose stage cannot be asked, ends with 2', async () => {
    const strange = await run('status.ts', ['--stage', 'dev', '--account', '999988887777']);
    stage.refused = { GetFunctionConfiguration: 'AccessDeniedException' };
    const unknown = await run('status.ts', ['--stage', 'dev', '--account', spoke]);
    stage.refused = {};

    expect(strange).toMatchObject({ code: 2, stdout: '' });
    expect(strange.stderr).toBe(
      `--account 999988887777: stage dev does not look after this account; its accounts are ${own}, ${spoke}, ${lost}\n`,
    );
    expect(unknown).toMatchObject({ code: 2, stdout: '' });
    expect(unknown.stderr).toMatch(
      /^The accounts of stage dev could not be read for --account: your credentials do not/,
    );
  });
});
