import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { Aim } from '../../cli/releases/plan';
import { readReleases } from '../../cli/releases/read';
import { release } from '../../cli/releases/release';
import { type WireEndpoint, type WireStage, wireStage } from '../fixtures/wire-stage';

const root = join(__dirname, '..', '..');
const machines = ['restart-instance', 'block-traffic'].map((name) => `incident-playbooks-dev-${name}`);
const others = ['incident-playbooks-dev2-restart-instance', 'another-machine'];
const settings = { OPT_IN_TAG: 'incident-playbooks:enabled', PROTECTED_TAG: 'incident-playbooks:protected' };
const open: WireEndpoint[] = [];

afterEach(async () => {
  for (const stage of open.splice(0)) await stage.close();
});

async function deployed(given: Partial<WireStage> = {}): Promise<WireEndpoint> {
  const stage = await wireStage({
    machines: [...others, ...machines],
    versions: [3, 5, 6],
    routing: [{ version: 6, weight: 100 }],
    ...given,
  });
  open.push(stage);
  return stage;
}

/** Runs the command as its npm script would; not synchronously, because the stage that it asks is in this process. */
function run({ endpoint }: WireEndpoint, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = {
    ...{ PATH: process.env.PATH, HOME: '/nonexistent', AWS_EC2_METADATA_DISABLED: 'true', NODE_NO_WARNINGS: '1' },
    ...{
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL: endpoint,
    },
  };
  const command = ['--import', 'tsx', 'cli/releases.ts', '--stage', 'dev', ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: root, env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

const changes = ({ asked }: WireEndpoint) => asked.filter(({ action }) => action === 'UpdateStateMachineAlias');

test('lists the versions of each machine of the stage, newest first, and what its alias starts', async () => {
  const stage = await deployed();
  const [told, json] = await Promise.all([run(stage), run(stage, '--json')]);

  expect(told).toMatchObject({ code: 0, stderr: '' });
  expect(told.stdout).toBe(
    ['block-traffic', 'restart-instance']
      .map(
        (name) => `${name}: live starts version 6
     6  2026-01-07 00:00:00 UTC  newest, live
     5  2026-01-06 00:00:00 UTC
     3  2026-01-04 00:00:00 UTC
`,
      )
      .join(''),
  );
  expect(JSON.parse(json.stdout)).toMatchObject([
    {
      playbook: 'block-traffic',
      live: [{ number: 6, weight: 100 }],
      versions: [{ number: 6 }, { number: 5 }, { number: 3 }],
    },
    { playbook: 'restart-instance' },
  ]);
  expect(changes(stage)).toEqual([]);
});

test('moves the alias of one machine back and forward again, and says which one is left behind', async () => {
  const stage = await deployed();
  const back = await run(stage, '--playbook', 'restart-instance', '--to', '5');
  const list = await run(stage);
  const forward = await run(stage, '--to', 'newest');

  expect(back).toMatchObject({ code: 0, stderr: '' });
  expect(back.stdout).toContain('Moved restart-instance: from version 6 to version 5 (mode observe)');
  expect(list.stdout).toContain('Left behind: restart-instance. To move them forward:');
  expect(forward.stdout).toContain('Moved restart-instance: from version 5 to version 6 (mode observe)');
  expect(forward.stdout).not.toContain('Left behind');
  expect(changes(stage).map(({ input }) => input)).toEqual(
    [5, 6].map((version) => {
      const machine = `arn:aws:states:us-east-1:123456789012:stateMachine:${machines[0]}`;
      return {
        stateMachineAliasArn: `${machine}:live`,
        routingConfiguration: [{ stateMachineVersionArn: `${machine}:${version}`, weight: 100 }],
      };
    }),
  );
});

test('moves every machine to the version before, each by its own numbers', async () => {
  const stage = await deployed({ routingOf: { [machines[1]!]: [{ version: 5, weight: 100 }] } });
  const { code, stdout } = await run(stage, '--to', 'previous');

  expect(code).toBe(0);
  expect(stdout).toContain('Moved block-traffic: from version 5 to version 3');
  expect(stdout).toContain('Moved restart-instance: from version 6 to version 5');
  expect((await run(stage, '--playbook', 'block-traffic', '--to', '3')).stdout).toContain('nothing was moved');
});

/** The same without a process. */
async function ask({ endpoint }: WireEndpoint, playbooks: string[], to?: Aim): Promise<void> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const config = { endpoint, region: 'us-east-1', credentials, maxAttempts: 1 };
  const clients = { sfn: new SFNClient(config), lambda: new LambdaClient(config), iam: new IAMClient(config) };
  const releases = await readReleases(clients.sfn, 'dev', playbooks);
  if (to !== undefined) await release(releases, to, { clients, say: () => {} });
}

const refusals: [what: string, given: Partial<WireStage>, playbooks: string[], to: Aim | undefined, line: RegExp][] = [
  ['a number for several machines', {}, [], 5, /^Step Functions counts .* name one with --playbook/],
  [
    'a version that is not there',
    {},
    ['block-traffic'],
    4,
    /^block-traffic has no version 4: 6, 5, 3\. Nothing was moved/,
  ],
  [
    'nothing before the first version',
    { routing: [{ version: 3, weight: 100 }] },
    [],
    'previous',
    /has no version before version 3/,
  ],
  [
    'a playbook that is not there',
    {},
    ['fly'],
    undefined,
    /^Stage dev has no playbook "fly"\. It has block-traffic, restart-instance\./,
  ],
  [
    'a stage that is not there',
    { machines: others },
    [],
    undefined,
    /^Stage dev has no state machine .* Is it deployed here\?/,
  ],
  [
    'a machine without its alias',
    { routingOf: { [machines[0]!]: undefined } },
    ['restart-instance'],
    5,
    /^restart-instance has no alias "live".*Deploy the stage again/,
  ],
  [
    'a machine without a version',
    { versions: [] },
    ['restart-instance'],
    'newest',
    /^restart-instance has no version\. Deploy the stage again/,
  ],
  [
    'functions that are gone',
    { withoutFunctions: [5] },
    [],
    'previous',
    /can no longer run: function incident-playbooks-dev-read-alarm:5 no longer exists\. Nothing was moved; to go back, deploy/,
  ],
  [
    'a role that is gone',
    { withoutRole: [5] },
    [],
    'previous',
    /can no longer run: role arn:aws:iam::123456789012:role\/former no longer exists\. Nothing was moved/,
  ],
  [
    'one that acts in place of one that observes',
    { ofVersion: { 5: { ...settings, MODE: 'act' } } },
    [],
    'previous',
    /mode observe, then act.*Nothing was moved; pass --yes/,
  ],
  [
    'credentials that may not list',
    { refused: { ListStateMachines: 'AccessDeniedException' } },
    [],
    undefined,
    /^The releases of stage dev could not be read: your credentials do not allow this/,
  ],
  [
    'credentials that may not read a version',
    { refused: { DescribeStateMachine: 'AccessDeniedException' } },
    [],
    'previous',
    /^block-traffic was not moved to version 5: your credentials do not allow this/,
  ],
  [
    'credentials that may not move',
    { refused: { UpdateStateMachineAlias: 'AccessDeniedException' } },
    ['block-traffic'],
    5,
    /^block-traffic was not moved to version 5: your credentials do not allow this/,
  ],
];
test.each(refusals)('refuses %s, says what to do, and moves nothing', async (_what, given, playbooks, to, line) => {
  const stage = await deployed(given);

  await expect(ask(stage, playbooks, to)).rejects.toThrow(line);
  expect(stage.routingOf).toEqual(given.routingOf ?? {});
});

test('a list shows a machine without its alias, and an alias between two versions', async () => {
  const halves = [
    { version: 5, weight: 90 },
    { version: 6, weight: 10 },
  ];
  const stage = await deployed({ routingOf: { [machines[0]!]: undefined, [machines[1]!]: halves } });
  const { stdout } = await run(stage);

  expect(stdout).toContain(
    'restart-instance: live starts no version\n  there is no alias "live": rules start nothing.',
  );
  expect(stdout).toContain('block-traffic: live starts versions 5 (90%) and 6 (10%)');
  expect(stdout).toContain('newest, live, 10% of the starts');
  expect(stdout).toContain('Left behind: block-traffic, restart-instance');
});

test('a version that acts is moved to with --yes', async () => {
  const stage = await deployed({ ofVersion: { 5: { ...settings, MODE: 'act' } } });
  const { code, stdout } = await run(stage, '--playbook', 'block-traffic', '--to', 'previous', '--yes');

  expect(code).toBe(0);
  expect(stdout).toContain('(mode observe, then act)');
});

test('a mistake is one line and exit code 2, before anything is asked if it is in the arguments', async () => {
  const stage = await deployed();
  const wrong = await run(stage, '--to', 'latest');
  expect(stage.asked).toEqual([]);
  const missing = await run(stage, '--playbook', 'block-traffic', '--to', '4');

  expect(wrong).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/expected a version number, "previous" or "newest"/),
  });
  expect(missing).toEqual({
    code: 2,
    stdout: '',
    stderr: 'block-traffic has no version 4: 6, 5, 3. Nothing was moved.\n',
  });
});
