import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitCodes, main } from '../../../cli/backtest';
import { parseLabels } from '../../../cli/backtest/labels';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backtest-'));
});
afterEach(() => rm(folder, { recursive: true }));

const time = (i: number) => new Date(Date.UTC(2026, 0, 5) + i * 300_000).toISOString();
const rows = (values: (number | string)[]) => values.map((value, i) => `${time(i)},${value}`);
const header = 'timestamp,value';
const steady = (count: number) => Array.from({ length: count }, (_, i) => 20 + (i % 7));

interface Ran {
  code: number;
  err: string;
  figures: { alarms: number; instances: number; isPartial: boolean; remarks: Record<string, string[]> };
  page: string;
}

async function backtest(...argv: string[]): Promise<Ran> {
  const err = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const lines: string[] = [];
  const file = join(folder, 'page.html');
  const code = await main([...argv, '--report', file, '--json'], (line) => lines.push(line));
  const said = err.mock.calls.map(([chunk]) => String(chunk)).join('');
  err.mockRestore();
  return {
    code,
    err: said,
    figures: JSON.parse(lines.at(-1) ?? '{}'),
    page: await readFile(file, 'utf8').catch(() => ''),
  };
}

async function fileOf(text: string, name = 'i-1.csv'): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

test.each<[string, string, RegExp]>([
  ['an empty file', '', /i-1\.csv:1:1: the file is empty/],
  ['a header alone', `${header}\n`, /i-1\.csv:1:1: there are no data points/],
  ['another header', 'a,b\n1,2\n', /i-1\.csv:1:1: expected a header that starts with timestamp/],
  [
    'a value that is no number',
    [header, ...rows([1, 'high', 3])].join('\n'),
    /i-1\.csv:3:2: value: "high" is not a number/,
  ],
  ['a time that is none', `${header}\nyesterday,1\n`, /i-1\.csv:2:1: timestamp "yesterday"/],
  [
    'two columns for one metric',
    'timestamp,value,CPUUtilization\n2026-01-05T00:00:00Z,1,2\n',
    /two columns for CPUUtilization/,
  ],
])('%s is refused, with file and line', async (_title, text, message) => {
  const { code, err } = await backtest('--metrics', await fileOf(text));

  expect(err).toMatch(message);
  expect(code).toBe(exitCodes.badInput);
});

test.each([
  ['a file that is not there', 'nothing.csv', /cannot be read \(ENOENT\)/],
  ['a folder without CSV', 'empty', /contains no \.csv file/],
])('%s is refused by its name', async (_title, name, message) => {
  await mkdir(join(folder, 'empty'));

  const { code, err } = await backtest('--metrics', join(folder, name));

  expect(err).toMatch(message);
  expect(code).toBe(exitCodes.badInput);
});

test.each([
  [['--metrics', 'x.csv', '--sample', '4'], "'--metrics' and '--sample' cannot be used together"],
  [['--sample', '4', '--labels', 'x.csv'], "'--labels' and '--sample' cannot be used together"],
  [['--metrics', 'x.csv', '--days', '4'], "'--metrics' and '--days' cannot be used together"],
  [['--metric', 'NetworkIn'], "'--metric' has no effect without --metrics"],
])('%j is rejected: nothing that was typed is ignored', async (argv, message) => {
  const { code, err } = await backtest(...argv);

  expect(err).toContain(message);
  expect(code).toBe(exitCodes.badInput);
});

test('a page in a folder that cannot be made is refused before anything is replayed', async () => {
  const err = jest.spyOn(process.stderr, 'write').mockReturnValue(true);

  const code = await main(['--sample', '1', '--report', join(await fileOf(''), 'below', 'page.html')]);
  const said = err.mock.calls.join('');
  err.mockRestore();

  expect(said).toMatch(/i-1\.csv\/below: cannot be created \(ENOTDIR\)/);
  expect(code).toBe(exitCodes.badInput);
});

test('the folder of the page is made', async () => {
  const page = join(folder, 'reports', 'page.html');

  expect(await main(['--sample', '1', '--report', page], () => {})).toBe(exitCodes.done);
  expect(await readFile(page, 'utf8')).toContain('</html>');
});

test('labels of an instance that is not replayed are said to be unused', async () => {
  const labels = await fileOf('instance,start,end\ni-one,2026-01-05,2026-01-06\ni-1,2026-01-05,2026-01-06\n', 'labels');
  const metrics = await fileOf([header, ...rows(steady(30))].join('\n'));

  const { code, err } = await backtest('--metrics', metrics, '--labels', labels);

  expect(code).toBe(exitCodes.done);
  expect(err).toBe('The labels of i-one were not used: no instance of that name was replayed.\n');
});

test('rows out of order and rows twice are sorted out, and said', async () => {
  const ordered = rows([...steady(20), 97, 97, 97, 97]);
  const shuffled = [...ordered.toReversed(), ordered[3]!];

  const clean = await backtest('--metrics', await fileOf([header, ...ordered].join('\n')));
  const { code, figures } = await backtest('--metrics', await fileOf([header, ...shuffled].join('\n')));

  expect(code).toBe(exitCodes.done);
  expect(figures.alarms).toBe(clean.figures.alarms);
  expect(figures.remarks['i-1']).toEqual([
    'rows were out of order in 23 places: sorted',
    '1 row had a duplicate timestamp: the last row counts',
  ]);
});

test('NaN, empty cells and gaps are missing data, and said', async () => {
  const lines = rows([...steady(20), 'NaN', '', ...steady(20)]).toSpliced(30, 5);

  const { code, figures, page } = await backtest('--metrics', await fileOf([header, ...lines].join('\n')));

  expect(code).toBe(exitCodes.done);
  expect(figures).toMatchObject({
    alarms: 0,
    remarks: {
      'i-1': [
        '2 values missing or NaN: treated as missing data',
        '1 gap, the longest 30 m 0 s: treated as missing data',
      ],
    },
  });
  expect(page).toContain('2 values missing or NaN');
});

test('a folder is a fleet, one instance a file, one metric a column', async () => {
  const wide = [
    'timestamp,CPUUtilization,NetworkOut',
    ...rows([...steady(30), 97, 97, 97, 97]).map((row) => `${row},1000`),
  ];
  await fileOf(wide.join('\n'), 'web.csv');
  await fileOf([header, ...rows(steady(30))].join('\n'), 'db.csv');

  const { figures, page } = await backtest('--metrics', folder);

  expect(figures).toMatchObject({ instances: 2, alarms: 1 });
  expect(page).toContain('>web</h2>');
});

test('a threshold and datapoints of one’s own are used', async () => {
  const file = await fileOf([header, ...rows([...steady(20), 40, 40, 10, 10])].join('\n'));

  expect((await backtest('--metrics', file)).figures.alarms).toBe(0);
  expect((await backtest('--metrics', file, '--threshold', '35', '--datapoints', '2/3')).figures.alarms).toBe(1);
});

test('Ctrl-C ends it after the instance at hand, with a whole page of what there is', async () => {
  const running = backtest('--sample', '5000');
  while (process.listenerCount('SIGINT') === 0) await new Promise((resolve) => setImmediate(resolve));

  process.emit('SIGINT');
  const { code, figures, page } = await running;

  expect(code).toBe(exitCodes.interrupted);
  expect(figures.isPartial).toBe(true);
  expect(figures.instances).toBeLessThan(5000);
  expect(page).toContain(`Stopped after ${figures.instances} of 5000 instances`);
  expect(page.trimEnd()).toMatch(/<\/html>$/);
});

describe('labels', () => {
  const windows = [{ from: Date.UTC(2026, 0, 5), to: Date.UTC(2026, 0, 5, 2) }];

  test.each([
    ['CSV', 'instance,start,end\ni-1,2026-01-05 00:00:00,2026-01-05T02:00:00Z\n'],
    ['the benchmark’s JSON', '{"data/i-1.csv": [["2026-01-05 00:00:00.000000", "2026-01-05 02:00:00.000000"]]}'],
  ])('are read from %s', (_title, text) => {
    expect(parseLabels(text, 'labels')).toEqual(new Map([['i-1', windows]]));
  });

  test.each<[string, string, RegExp]>([
    ['nothing', '  ', /labels:1:1: the file is empty/],
    ['other columns', 'a,b\n1,2\n', /labels:1:1: expected the columns instance,start,end/],
    ['a time that is none', 'instance,start,end\ni-1,soon,later\n', /labels:2:2: start "soon" is not a time/],
    [
      'an end before its start',
      'instance,start,end\ni-1,2026-01-06 00:00:00,2026-01-05 00:00:00\n',
      /labels:2:3: the window ends before it starts/,
    ],
    ['a header alone', 'instance,start,end\n', /contains no labels/],
    ['half a document', '{"i-1": [["2026', /labels:1:\d+: the document ends here but is not complete/],
    ['a document of another form', '{"i-1": "now"}', /labels:1:9: i-1: expected a list/],
  ])('that are %s are refused', (_title, text, message) => {
    expect(() => parseLabels(text, 'labels')).toThrow(message);
  });
});

test('the verdict comes first: ready, or what to change, with the tag that sets it', async () => {
  const days = (value: (i: number) => number) => rows(Array.from({ length: 10 * 288 }, (_, i) => value(i)));
  await fileOf([header, ...days((i) => 90 + (i % 5))].join('\n'), 'i-0a1b2c3d4e5f60718.csv');
  await fileOf([header, ...days((i) => 20 + (i % 5))].join('\n'), 'calm.csv');

  const { figures, page } = await backtest('--metrics', folder);

  expect(figures).toMatchObject({
    verdict: { readiness: 'change', sentence: 'Not ready to act: 1 of 2 instances needs a change first.' },
    verdicts: [
      { name: 'calm', readiness: 'ready', why: [expect.stringContaining('max 24 %, p99 24 %, threshold 80 %')] },
      {
        name: 'i-0a1b2c3d4e5f60718',
        readiness: 'change',
        command: expect.stringContaining('cpu-high-percent,Value=9'),
      },
    ],
  });
  expect(page.indexOf('Not ready to act')).toBeLessThan(page.indexOf('<dl class="facts">'));
  expect(page).toContain('What to change first');
});

test('a stage that is not there ends with 2', async () => {
  const metrics = await fileOf([header, ...rows(steady(30))].join('\n'));

  const { code, err } = await backtest('--metrics', metrics, '--stage', 'nowhere');

  expect(code).toBe(exitCodes.badInput);
  expect(err).toContain('There is no stage "nowhere" in resources/stages.yml');
});

test('a value that cannot be the metric is refused, with how to name the right one', async () => {
  const metrics = await fileOf([header, ...rows([20, 5000])].join('\n'));

  expect((await backtest('--metrics', metrics)).err).toMatch(/i-1\.csv:3:2: 5000 cannot be CPUUtilization.*--metric/);
  expect((await backtest('--metrics', metrics, '--metric', 'i-1.csv=NetworkOut')).code).toBe(exitCodes.done);
});
