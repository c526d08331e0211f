import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../drill/cli';
import { exitCodes } from '../../drill/options';
import { PackagingError } from '../../drill/packaging/package-stage';
import type { DrillResult } from '../../drill/scenario/result';
import { DrillBrokenError, runScenario } from '../../drill/scenario/run';
import { stopRecordStore } from '../../drill/stack/record-store';

jest.mock('../../drill/scenario/run', () => {
  const actual = jest.requireActual<typeof import('../../drill/scenario/run')>('../../drill/scenario/run');
  return { ...actual, runScenario: jest.fn(actual.runScenario) };
});
const actual = jest.requireActual<typeof import('../../drill/scenario/run')>('../../drill/scenario/run');
const run = jest.mocked(runScenario);

let folder: string;
afterAll(stopRecordStore);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drill-'));
});
afterEach(async () => {
  jest.restoreAllMocks();
  await rm(folder, { recursive: true });
});

/** Runs the command line in this process. */
async function drill(...argv: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const noteError = (text: string | Uint8Array) => {
    err.push(String(text));
    return true;
  };
  jest.spyOn(process.stderr, 'write').mockImplementation(noteError);
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out.push(String(text));
    return true;
  });
  const code = await main(argv);
  jest.restoreAllMocks();
  return { code, out: out.join(''), err: err.join('') };
}

async function csv(text: string): Promise<string> {
  const file = join(folder, 'cpu.csv');
  await writeFile(file, text);
  return file;
}

/** A series in five-minute steps, from midnight on. */
const series = (values: number[]) =>
  [
    'timestamp,value',
    ...values.map((value, i) => `${new Date(Date.UTC(2026, 0, 5) + i * 300_000).toISOString()},${value}`),
    '',
  ].join('\n');

test('the default drill ends as expected, and its timeline names every state that was passed', async () => {
  const seen: DrillResult[] = [];
  run.mockImplementationOnce(async (...given) => {
    const result = await actual.runScenario(...given);
    seen.push(result);
    return result;
  });

  const { code, out } = await drill('--speed', 'Infinity', '--verbose');

  expect(code).toBe(exitCodes.asExpected);
  const timeline = out.slice(out.indexOf('Timeline of'));
  const states = new Set(seen[0]?.executions[0]?.path);
  expect(states.size).toBeGreaterThan(15);
  for (const state of states) expect(timeline).toContain(`  ${state}`);
});

test('unless it is asked for every state, a drill is told in a few beats that each fit 80 columns, and what to try next', async () => {
  const { out } = await drill('cpu-high-restart');
  const lines = out.split('\n');

  expect(
    lines.filter((line) => /^\d\d:\d\d:\d\d/.test(line)).map((line) => line.slice(10).replace(/:.*| {2}.*/, '')),
  ).toEqual([
    'ALARM',
    expect.stringMatching(/^✔ \d+ steps passed$/),
    '→ Stop instance',
    '⋯ waited for stop',
    '→ Start instance',
    '⋯ waited for start',
    '✔ Put back in service',
    '⋯ waited for recovery',
    'OK',
    '✔ Close incident',
    '✉ Send notice',
  ]);
  expect(out).toMatch(/waited for stop: \d looks, \d+/);
  expect(lines.slice(lines.indexOf('Next'))).toContainEqual(expect.stringContaining('npm run drill -- stop-hangs'));
  expect(lines.slice(4).filter((line) => line.length > 100)).toEqual([]);
});

test('a folder in which no report can be written is told before anything runs', async () => {
  await writeFile(join(folder, 'file'), '');
  run.mockClear();

  const { code, err } = await drill('--report', join(folder, 'file', 'reports'));

  expect(code).toBe(exitCodes.badInput);
  expect(err).toMatch(/the folder cannot be created \(ENOTDIR\)/);
  expect(run).not.toHaveBeenCalled();
});

test('--json writes one JSON document and nothing else', async () => {
  const { code, out, err } = await drill('--json', '--speed', 'Infinity');

  const result = JSON.parse(out) as DrillResult;
  expect(code).toBe(exitCodes.asExpected);
  expect(result).toMatchObject({
    ok: true,
    scenario: { name: 'cpu-high-restart' },
    incidents: [{ outcome: 'RESOLVED' }],
  });
  expect(err).toBe('');
});

test('the same scenario and seed give the same result, to the letter', async () => {
  const first = await drill('--json');
  const second = await drill('--json');

  expect(first.code).toBe(exitCodes.asExpected);
  expect(second.out).toBe(first.out);
});

test('--list names every scenario with its story', async () => {
  const { code, out } = await drill('--list');

  expect(code).toBe(exitCodes.asExpected);
  expect(out).toMatch(/^cpu-high-restart +A runaway process/m);
});

test('--help tells the exit codes', async () => {
  const { code, out } = await drill('--help');

  expect(code).toBe(exitCodes.asExpected);
  expect(out).toMatch(/0 +the playbook met the scenario's expectations[\s\S]*3 +the drill itself failed/);
});

test('a playbook that did not do what the scenario says ends with 1', async () => {
  run.mockImplementationOnce((scenario, options) =>
    actual.runScenario({ ...scenario, expect: { outcomes: ['ESCALATED'] } }, options),
  );

  const { code, out } = await drill('--scenario', 'protected-instance', '--speed', 'Infinity');

  expect(code).toBe(exitCodes.notAsExpected);
  expect(out).toContain('outcomes: expected ESCALATED, got SKIPPED');
});

test.each([
  ['an option that does not exist', ['--scenaro', 'x'], /unknown option '--scenaro'/],
  ['a word too many', ['cpu-high-restart', 'month'], /too many arguments/],
  ['a scenario twice', ['month', '--scenario', 'storm'], /'month' and '--scenario' cannot be used together/],
  ['a scenario in a word, and a series', ['month', '--metrics', 'x.csv'], /'--metrics' and '--scenario' cannot/],
  ['every state of what is not told', ['--all', '--verbose'], /'--all' and '--verbose' cannot be used together/],
  ['a speed that is none', ['--speed', 'fast'], /--speed <n>.*a number above 0/],
  ['a speed of zero', ['--speed', '0'], /--speed <n>.*a number above 0/],
  ['a period that CloudWatch does not take', ['--period', '45'], /a multiple of 60/],
  ['an option that says nothing alone', ['--seed', '4'], /'--seed' has no effect without --chaos/],
  ['a threshold without its series', ['--threshold', '90'], /'--threshold' has no effect without --metrics/],
  ['jobs where one scenario runs', ['--jobs', '2'], /'--jobs' has no effect without --all or --chaos/],
  ['two things at once', ['--all', '--scenario', 'month'], /'--all' and '--scenario' cannot be used together/],
  ['a series and a scenario', ['--metrics', 'x.csv', '--scenario', 'month'], /'--metrics' and '--scenario' cannot/],
  [
    'a series on a stage',
    ['--metrics', 'x.csv', '--stage', 'dev'],
    /'--metrics' and '--stage' cannot be used together/,
  ],
  ['a report of random drills', ['--chaos', '--report', 'x'], /'--chaos' and '--report' cannot be used together/],
  ['a scenario that does not exist', ['--scenario', 'nothing'], /There is no scenario "nothing"\./],
  ['a scenario that is misspelt', ['stop-hang'], /no scenario "stop-hang"\. Did you mean stop-hangs\?/],
  ['an option that is misspelt', ['--scenaro', 'x'], /Did you mean --scenario\?/],
  ['a scenario of another’s terminal', ['\u001b[31mred'], /There is no scenario "\\u001b\[31mred"/],
  ['a series that is not there', ['--metrics', 'no-such.csv'], /no-such\.csv:1: cannot be read \(ENOENT\)/],
])('%s ends with 2 and one clear message', async (_title, argv, message) => {
  const { code, out, err } = await drill(...argv);

  expect(code).toBe(exitCodes.badInput);
  expect(err).toMatch(message);
  expect(err).not.toContain('    at ');
  expect(out).toBe('');
});

test('a project that cannot be packaged ends with 2 and what the framework says, without a stack trace', async () => {
  run.mockRejectedValueOnce(new PackagingError('default.mode: Invalid option: expected one of "observe"|"act"'));

  const { code, err } = await drill();

  expect(code).toBe(exitCodes.badInput);
  expect(err).toBe('default.mode: Invalid option: expected one of "observe"|"act"\n');
});

test('a series that is wrong ends with 2, at line and column', async () => {
  const file = await csv('timestamp,value\n2026-01-05T00:00:00Z,12\n2026-01-05T00:05:00Z,twelve\n');

  const { code, err } = await drill('--metrics', file);

  expect(code).toBe(exitCodes.badInput);
  expect(err).toBe(`${file}:3:2: value: "twelve" is not a number\n`);
});

test('a recorded series goes through alarm and playbook', async () => {
  const quiet = Array(12).fill(20);
  const file = await csv(series([...quiet, ...Array(12).fill(95), ...quiet]));

  const { code, out } = await drill('--metrics', file, '--json');

  const { alarms, incidents } = JSON.parse(out) as DrillResult;
  expect(code).toBe(exitCodes.asExpected);
  const cpu = alarms.filter(({ alarmName }) => alarmName === 'restart-instance-dev-cpu-high').map(({ state }) => state);
  expect(cpu).toEqual(['OK', 'ALARM', 'OK']);
  expect(incidents).toHaveLength(1);
});

/** Series as the kinds of exports have them that used to be refused, or taken for something else. */
const hourly = (days: number) =>
  [
    'timestamp,value',
    ...Array.from({ length: days * 24 }, (_, i) => `${new Date(Date.UTC(2026, 0, 1, i)).toISOString()},20`),
  ].join('\n');

test('a series of 45 days, by the hour, runs to its end, and it is said how its alarm is evaluated', async () => {
  const { code, out } = await drill('--metrics', await csv(hourly(45)));

  expect(code).toBe(exitCodes.asExpected);
  expect(out).toContain('restart-instance-dev-cpu-high is evaluated every 1 h 0 m in place of 5 m 0 s');
});

test.each<[string, string, string[], RegExp]>([
  [
    'a metric that no alarm watches',
    series([1, 2]),
    ['--metric', 'cpuutilization'],
    /no alarm watches "cpuutilization"\. Did you mean CPUUtilization\?/,
  ],
  ['row numbers for times', 'timestamp,value\n1,20.5\n', [], /cpu\.csv:2:1: timestamp "1" is neither/],
  [
    'a threshold that can never be reached',
    series([1, 2]),
    ['--threshold', '101'],
    /CPUUtilization is never above 100/,
  ],
  ['a value that is no CPU', series([1, 2000]), [], /cpu\.csv:3:2: 2000 cannot be CPUUtilization/],
  ['no value at all', series([1]).replace(',1', ','), [], /has no data point with a value/],
])('%s: exit code 2, with the line', async (_title, text, argv, message) => {
  const { code, err } = await drill('--metrics', await csv(text), ...argv);

  expect(code).toBe(exitCodes.badInput);
  expect(err).toMatch(message);
  expect(err).not.toContain('    at ');
});

test.each([
  ['--threshold', '80', '--threshold changes nothing: 80 % is what restart-instance-dev-cpu-high has'],
  ['--period', '300', '--period changes nothing: 300 s is what restart-instance-dev-cpu-high has'],
  ['--period', '60', 'restart-instance-dev-cpu-high sees gaps: it is evaluated every 1 m 0 s'],
])('%s %s is remarked on', async (option, value, remark) => {
  const { out } = await drill('--metrics', await csv(series([20, 21, 22])), option, value);

  expect(out).toContain(remark);
});

test('with a threshold of its own, a series that stays below it sets nothing off', async () => {
  const file = await csv(series(Array(24).fill(95)));

  const { out } = await drill('--metrics', file, '--threshold', '99', '--json');

  expect((JSON.parse(out) as DrillResult).incidents).toEqual([]);
});

test('a drill that breaks ends with 3', async () => {
  run.mockRejectedValueOnce(new DrillBrokenError('The simulated cloud does not model this.'));

  const { code, err } = await drill();

  expect(code).toBe(exitCodes.broken);
  expect(err).toContain('The drill failed');
});
