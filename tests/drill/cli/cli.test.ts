import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../../drill/cli';
import { stopRecordStore } from '../../../drill/stack/record-store';

afterAll(stopRecordStore);

/** Runs the command line and gives what it wrote and ended with. */
async function drill(...argv: string[]) {
  const lines: string[] = [];
  const errors: string[] = [];
  const err = jest.spyOn(process.stderr, 'write').mockImplementation((chunk) => errors.push(String(chunk)) > 0);
  const out = jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
  try {
    const code = await main(argv, (line) => lines.push(line));
    return { code, lines, errors: errors.join('') };
  } finally {
    err.mockRestore();
    out.mockRestore();
  }
}

const csv = (text: string) => {
  const file = join(mkdtempSync(join(tmpdir(), 'drill-')), 'cpu.csv');
  writeFileSync(file, `timestamp,value\n${text}`);
  return file;
};

test('the default drill ends as expected and names every state that was passed', async () => {
  const { code, lines } = await drill('--speed', 'Infinity');

  expect(code).toBe(0);
  const text = lines.join('\n');
  for (const state of [
    'Read alarm',
    'Take lease',
    'Score metrics',
    'Stop instance',
    'Start instance',
    'Check recovery',
    'Done',
  ]) {
    expect(text).toContain(state);
  }
  expect(text).toContain('✔ As expected');
});

test('--json writes one document and nothing else', async () => {
  const { lines, code } = await drill('--json');

  expect(code).toBe(0);
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0]!)).toMatchObject({ ok: true, incidents: [{ outcome: 'RESOLVED' }] });
});

test('--list names the scenarios with their stories', async () => {
  const { lines, code } = await drill('--list');

  expect(code).toBe(0);
  expect(lines.some((line) => /^cpu-high-restart +A runaway process/.test(line))).toBe(true);
});

test('--help says what the exit codes mean', async () => {
  expect((await drill('--help')).code).toBe(0);
});

test.each([
  [['--scenario', 'nope'], 'There is no scenario "nope"'],
  [['--speed', 'slow'], 'a number above 0'],
  [['--bogus'], 'unknown option'],
  [['--metrics', '/nowhere/cpu.csv'], '/nowhere/cpu.csv'],
])('%j is bad usage', async (argv, message) => {
  const { code, errors } = await drill(...argv);

  expect(code).toBe(2);
  expect(errors).toContain(message);
});

test('a malformed series is refused with line and column', async () => {
  const { code, errors } = await drill('--metrics', csv('2026-01-01 00:00:00,high\n'));

  expect(code).toBe(2);
  expect(errors).toMatch(/cpu\.csv:2:2: "high" is no number/);
});

test('a recorded series goes through alarm and playbook', async () => {
  const minutes = Array.from({ length: 60 }, (_, index) => [
    index * 5,
    index >= 40 && index < 50 ? 96 : 20 + (index % 7),
  ]);
  const rows = minutes.map(([minute, value]) => `${new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString()},${value}`);
  const { code, lines } = await drill('--metrics', csv(rows.join('\n')));

  expect(code).toBe(0);
  expect(lines.join('\n')).toMatch(/ALARM {2}restart-instance-dev-cpu-high/);
  expect(lines.join('\n')).toContain('→ ec2 StopInstances');
});
