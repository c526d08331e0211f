import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../../drill/cli';
import { plainProgress } from '../../../drill/live/progress';
import { exitCodes } from '../../../drill/options';
import { plainPaint } from '../../../drill/render/paint';
import { loadScenario } from '../../../drill/scenario/load';
import type { DrillResult } from '../../../drill/scenario/result';
import { runScenario } from '../../../drill/scenario/run';
import { stopRecordStore } from '../../../drill/stack/record-store';
import { stageClients } from '../../../drill/stage/clients';
import { drillOnStage, type StageDeps, type StageOptions } from '../../../drill/stage/command';
import { FollowError, StageError } from '../../../drill/stage/errors';
import { asAwsExport } from '../../fixtures/aws-history';
import { pathsIn } from '../../fixtures/report';
import { type WireEndpoint, type WireStage, wireStage } from '../../fixtures/wire-stage';

const instanceId = 'i-0123456789abcdef0';
const optedIn = { 'incident-playbooks:enabled': 'true', Name: 'web-1' };
const act = {
  MODE: 'act',
  OPT_IN_TAG: 'incident-playbooks:enabled',
  PROTECTED_TAG: 'incident-playbooks:protected',
};

let folder: string;
let recorded: DrillResult;
let history: Record<string, unknown>[];
let stage: WireEndpoint | undefined;

beforeAll(async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
  folder = await mkdtemp(join(tmpdir(), 'stage-'));
  recorded = await runScenario(await loadScenario('started-manually'));
  history = asAwsExport(recorded.executions[0]!.history).events;
});
afterEach(() => stage?.close());
afterAll(async () => {
  delete process.env.AWS_ENDPOINT_URL;
  await stopRecordStore();
  await rm(folder, { recursive: true });
});

/** Drills a scenario on a stage that answers over the wire. */
async function drillOn(
  given: Partial<WireStage>,
  options: Partial<StageOptions> & { scenario?: string } = {},
  deps: Partial<StageDeps> = {},
) {
  stage = await wireStage({ history, instances: [{ id: instanceId, tags: optedIn }], ...given });
  const said: string[] = [];
  const { scenario = 'started-manually', ...others } = options;
  const result = drillOnStage(
    await loadScenario(scenario),
    { stage: 'dev', instance: instanceId, report: folder, format: 'html', requestedBy: 'kim', ...others },
    {
      clients: stageClients({ region: 'us-east-1', endpoint: stage.endpoint }),
      say: (line) => said.push(line),
      paint: plainPaint,
      now: () => new Date('2026-03-02T09:00:00Z'),
      wait: async () => {},
      signal: new AbortController().signal,
      show: () => plainProgress((line) => said.push(line), plainPaint),
      ...deps,
    },
  );
  return { result, said, stage };
}

const askedOf = ({ asked }: WireStage, action: string) => asked.filter((one) => one.action === action);

test('the real machine is started as a drill, and its real history gives the report', async () => {
  const machines = ['another', 'incident-playbooks-prod-restart-instance', 'incident-playbooks-dev-restart-instance'];
  const { result, said, stage } = await drillOn({ machines });
  const { report, ...outcome } = await result;

  const arn = 'arn:aws:states:us-east-1:123456789012';
  const [start] = askedOf(stage, 'StartExecution');
  expect(start!.input).toMatchObject({ stateMachineArn: `${arn}:stateMachine:${machines[2]}:live` });
  expect(JSON.parse(String(start!.input.input))).toEqual({
    start: 'manual',
    instanceId,
    reason: 'The application hangs.',
    requestedBy: 'kim',
    drill: true,
  });
  const executionArn = `${arn}:execution:${machines[2]}:drill-started-manually-20260302090000000`;
  const { path } = recorded.executions[0]!;
  expect(outcome).toMatchObject({ executionArn, status: 'SUCCEEDED', outcome: 'RESOLVED', path });
  expect(said.join('\n')).toContain(
    `https://us-east-1.console.aws.amazon.com/states/home?region=us-east-1#/v2/executions/details/${executionArn}`,
  );
  const page = await readFile(report, 'utf8');
  expect(pathsIn(page)).toEqual([path]);
  expect(page).toContain(executionArn);
});

test('a history that grows and comes in pages is told once, in order, whatever the pages', async () => {
  const growing = { known: 3, pageSize: 7 };
  const { result, said, stage } = await drillOn(
    growing,
    {},
    {
      wait: async () => {
        stageOf().known += 11;
      },
    },
  );
  const { path } = await result;

  const told = said.flatMap((line) => /^\d\d:\d\d:\d\d {2}(.+)$/.exec(line)?.[1] ?? []);
  expect(told).toEqual(recorded.executions[0]!.path);
  expect(path).toEqual(told);
  const looks = askedOf(stage, 'GetExecutionHistory');
  expect(looks.length).toBeGreaterThan(10);
  expect(looks.some(({ input }) => input.nextToken !== undefined)).toBe(true);
});
const stageOf = () => stage!;

test.each<[string, Partial<WireStage>, Partial<StageOptions> & { scenario?: string }, RegExp]>([
  ['that is not opted in', { instances: [{ id: instanceId, tags: { Name: 'x' } }] }, {}, /does not have the tag/],
  [
    'that is protected',
    { instances: [{ id: instanceId, tags: { ...optedIn, 'incident-playbooks:protected': 'yes' } }] },
    {},
    /is protected by its tag/,
  ],
  ['that does not exist', { instances: [] }, {}, /no instance i-0123456789abcdef0/],
])('an instance %s is refused, and nothing is started', async (_title, given, options, message) => {
  const { result, stage } = await drillOn(given, options);

  await expect(result).rejects.toThrow(message);
  await expect(result).rejects.toBeInstanceOf(StageError);
  expect(askedOf(stage, 'StartExecution')).toEqual([]);
});

test.each<[string, Partial<WireStage>, string, RegExp]>([
  ['without that playbook', { machines: ['other'] }, 'started-manually', /no state machine "incident-playbooks-dev-re/],
  ['whose functions have no mode', { variables: { MODE: 'on' } }, 'started-manually', /has no valid MODE/],
  [
    'that AWS does not let us see',
    { refused: { ListStateMachines: 'AccessDeniedException' } },
    'started-manually',
    /^Nothing was started: your credentials do not allow this \(AccessDeniedException/,
  ],
  [
    'that AWS does not let us start',
    { refused: { StartExecution: 'AccessDeniedException' } },
    'started-manually',
    /^Nothing was started: your credentials do not allow this \(AccessDeniedException/,
  ],
  ['for a scenario about a forged event', {}, 'forged-source', /runs only in the simulated cloud/],
])('a stage %s is a clear error', async (_title, given, scenario, message) => {
  const { result } = await drillOn(given, { scenario });

  await expect(result).rejects.toThrow(message);
  await expect(result).rejects.toBeInstanceOf(StageError);
});

describe('without --instance', () => {
  const others = [
    { id: 'i-00000000000000001', tags: { Name: 'legacy' } },
    { id: 'i-00000000000000002', state: 'stopped', tags: optedIn },
    { id: 'i-00000000000000003', tags: { ...optedIn, 'incident-playbooks:protected': 'true' } },
  ];

  test('the only running one that is opted in is taken', async () => {
    const instances = [...others, { id: instanceId, tags: optedIn }];
    const { result, stage } = await drillOn({ instances }, { instance: undefined as never });
    await result;

    expect(String(askedOf(stage, 'StartExecution')[0]!.input.input)).toContain(instanceId);
  });

  test('several are named, and none is taken', async () => {
    const instances = [
      { id: 'i-00000000000000009', tags: optedIn },
      { id: instanceId, tags: optedIn },
    ];
    const { result, stage } = await drillOn({ instances }, { instance: undefined as never });

    await expect(result).rejects.toThrow(/choose one with --instance: i-00000000000000009, i-0123456789abcdef0/);
    expect(askedOf(stage, 'StartExecution')).toEqual([]);
  });

  test('none is an error', async () => {
    const { result } = await drillOn({ instances: others }, { instance: undefined as never });

    await expect(result).rejects.toThrow(/No running instance has the tag/);
  });
});

describe('a stage that acts', () => {
  test.each<[string, boolean, number]>([
    ['yes', true, 1],
    ['no', false, 0],
  ])('is asked about first; the answer %s decides', async (_answer, answer, starts) => {
    const questions: string[] = [];
    const ask = async (question: string) => {
      questions.push(question);
      return answer;
    };
    const { result, stage } = await drillOn({ variables: act }, {}, { ask });
    await result.catch((error: Error) => expect(error.message).toBe('Not started.'));

    expect(questions).toEqual([
      'The stage is in act mode. Really start restart-instance on i-0123456789abcdef0 (web-1), stage dev, mode act?',
    ]);
    expect(askedOf(stage, 'StartExecution')).toHaveLength(starts);
  });

  test('is not started where nobody can be asked, unless --yes says so', async () => {
    const refused = await drillOn({ variables: act });
    await expect(refused.result).rejects.toThrow(/pass --yes/);
    await refused.stage.close();
    const started = await drillOn({ variables: act }, { yes: true });

    expect((await started.result).status).toBe('SUCCEEDED');
  });
});

test('an input that Step Functions does not take is said before anything is started', async () => {
  const { result, stage } = await drillOn({}, { requestedBy: 'k'.repeat(262_144) });

  await expect(result).rejects.toThrow(/has 2622\d\d bytes, and Step Functions takes 262144: nothing was started/);
  expect(askedOf(stage, 'StartExecution')).toEqual([]);
});

describe('after a rollback of the alias', () => {
  const observe = { ...act, MODE: 'observe' };
  const acting = 'stage dev, mode act';

  test.each<[string, Partial<WireStage>, boolean]>([
    ['the mode of the version that live starts counts', { ofVersion: { 6: act }, variables: observe }, true],
    ['not the one that was deployed last', { ofVersion: { 6: observe }, latest: act, variables: act }, false],
    [
      'and of two versions that live starts, the one that acts',
      { routing: [5, 6].map((version) => ({ version, weight: 50 })), ofVersion: { 5: observe, 6: act } },
      true,
    ],
    [
      'but not one that gets no executions',
      { routing: [5, 6].map((version, i) => ({ version, weight: 100 * i })), ofVersion: { 5: act, 6: observe } },
      false,
    ],
  ])('%s', async (_title, given, acts) => {
    const { result, said, stage } = await drillOn(given, { yes: true });
    await result;

    expect(said.join('\n').includes(acting)).toBe(acts);
    expect(askedOf(stage, 'StartExecution')[0]!.input.stateMachineArn).toMatch(/:live$/);
  });

  test.each([
    ['that has no such alias', { refused: { DescribeStateMachineAlias: 'ResourceNotFound' } }],
    ['whose alias starts no version', { routing: [] }],
  ])('a stage %s starts nothing', async (_title, given) => {
    const { result, stage } = await drillOn(given);

    await expect(result).rejects.toBeInstanceOf(StageError);
    expect(askedOf(stage, 'StartExecution')).toEqual([]);
  });
});

test('Ctrl-C ends the following, not the execution, and says so', async () => {
  const interrupt = new AbortController();
  const wait = async () => interrupt.abort();
  const { result, said, stage } = await drillOn({ known: 20 }, {}, { wait, signal: interrupt.signal });
  const { status, path, report } = await result;

  expect(status).toBe('RUNNING');
  expect(said.join('\n')).toMatch(/The execution continues[\s\S]*stop-execution --execution-arn arn:aws:states/);
  expect(askedOf(stage, 'StopExecution')).toEqual([]);
  expect(pathsIn(await readFile(report, 'utf8'))).toEqual([path]);
  expect(path).toEqual(recorded.executions[0]!.path.slice(0, path.length));
});

test('a history that cannot be read any more is said to go on, not to have ended', async () => {
  const wait = async () => {
    stageOf().refused.GetExecutionHistory = 'AccessDeniedException';
  };
  const { result } = await drillOn({ known: 5 }, {}, { wait });

  await expect(result).rejects.toThrow(/^The execution continues, but its history can no longer be read/);
  await expect(result).rejects.toBeInstanceOf(FollowError);
});

describe('on the command line', () => {
  async function run(given: Partial<WireStage>, ...argv: string[]) {
    stage = await wireStage({ history, instances: [{ id: instanceId, tags: optedIn }], ...given });
    process.env.AWS_ENDPOINT_URL = stage.endpoint;
    const errors: string[] = [];
    const err = jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      errors.push(String(text));
      return true;
    });
    const out: string[] = [];
    const all = ['--stage', 'dev', '--region', 'us-east-1', '--scenario', 'started-manually', '--report', folder];
    const code = await main([...all, ...argv], (line) => out.push(line));
    err.mockRestore();
    return { code, out, err: errors.join('') };
  }

  test('an execution that ended green ends with 0, and --json prints what came of it', async () => {
    const { code, out } = await run({}, '--json');

    expect(code).toBe(exitCodes.asExpected);
    expect(out).toHaveLength(1);
    expect(JSON.parse(out[0]!)).toMatchObject({ status: 'SUCCEEDED', outcome: 'RESOLVED' });
  });

  test('one that ended red ends with 1', async () => {
    const failed = { executionFailedEventDetails: { error: 'FAILED', cause: 'It went wrong.' } };
    const last = { ...history.at(-1)!, type: 'ExecutionFailed', ...failed, executionSucceededEventDetails: undefined };
    const { code } = await run({ history: [...history.slice(0, -1), last] });

    expect(code).toBe(exitCodes.notAsExpected);
  });

  test('one that was not started ends with 2 and one clear line', async () => {
    const { code, err } = await run({ instances: [] }, '--instance', instanceId);

    expect(code).toBe(exitCodes.badInput);
    expect(err).toBe(`There is no instance ${instanceId} in this account and region.\n`);
  });
});
