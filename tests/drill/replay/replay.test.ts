import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../../drill/cli';
import { exitCodes } from '../../../drill/options';
import type { ReplayResult } from '../../../drill/replay/command';
import { projectRoot } from '../../../drill/report/command';
import { readDefinitions } from '../../../drill/report/definitions';
import { loadScenario } from '../../../drill/scenario/load';
import type { DrillResult } from '../../../drill/scenario/result';
import { runScenario } from '../../../drill/scenario/run';
import { stopRecordStore } from '../../../drill/stack/record-store';
import { asAwsExport } from '../../fixtures/aws-history';
import { pathsIn } from '../../fixtures/report';

const readMachines = [...readDefinitions(projectRoot)].map(([name, { StartAt }]) => [name, StartAt] as const);

let folder: string;
let recorded: DrillResult;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-'));
  recorded = await runScenario(await loadScenario('guest-check-reboot'));
});
afterAll(async () => {
  await stopRecordStore();
  await rm(folder, { recursive: true });
});

async function replay(text: string, ...more: string[]): Promise<{ code: number; result: ReplayResult; err: string }> {
  await writeFile(join(folder, 'history.json'), text);
  const lines: string[] = [];
  const err = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const code = await main(['--history', join(folder, 'history.json'), '--json', ...more], (line) => lines.push(line));
  const said = err.mock.calls.map(([chunk]) => String(chunk)).join('');
  err.mockRestore();
  return { code, result: JSON.parse(lines.at(-1) ?? '{}') as ReplayResult, err: said };
}

const exported = () => JSON.stringify(asAwsExport(recorded.executions[0]!.history));

test('the report of a recorded history shows its path, outcome and reason', async () => {
  const { code, result } = await replay(exported(), '--report', folder);

  // Named by its execution, so that the next one does not take its place.
  expect(result.report).toBe(join(folder, `restart-instance-${recorded.executions[0]!.name}.html`));
  const page = await readFile(result.report!, 'utf8');
  expect(code).toBe(exitCodes.asExpected);
  expect(result).toMatchObject({
    playbook: 'restart-instance',
    outcome: 'RESOLVED',
    path: recorded.executions[0]!.path,
  });
  expect(pathsIn(page)).toEqual([recorded.executions[0]!.path]);
  expect(page).toContain(recorded.incidents[0]!.reason);
});

test('run again, unchanged code takes the same path', async () => {
  const { code, result } = await replay(exported(), '--rerun');

  expect(result.same).toBe(true);
  expect(code).toBe(exitCodes.asExpected);
});

test('run again, a path that was another one is shown to differ, and where', async () => {
  const { history } = recorded.executions[0]!;
  const without = history.filter((event) => !('state' in event) || event.state !== 'Score metrics');

  const { code, result } = await replay(JSON.stringify(asAwsExport(without)), '--rerun');

  expect(result.compared?.filter(({ where }) => where !== 'both')).toEqual([
    { state: 'Score metrics', where: 'today' },
  ]);
  expect(code).toBe(exitCodes.notAsExpected);
});

test('a history without inputs cannot be run again', async () => {
  const { history } = recorded.executions[0]!;
  const bare = history.map((event) => (event.type === 'ExecutionStarted' ? { ...event, input: {} } : event));

  const { code, err } = await replay(JSON.stringify(asAwsExport(bare)), '--rerun');

  expect(code).toBe(exitCodes.badInput);
  expect(err).toContain('has no input');
});

test('a history that was cut in half is bad input, and the message says where', async () => {
  const { code, err } = await replay(exported().slice(0, 5000));

  expect(code).toBe(exitCodes.badInput);
  expect(err).toContain('the export was cut');
});

test('what a history holds cannot steer a terminal', async () => {
  const steering = '\u001b[2J\u001b[31mPAGE';
  const events = asAwsExport(recorded.executions[0]!.history.slice(0, 9)).events;
  const failed = { id: events.length + 1, previousEventId: events.length, timestamp: events[0]!.timestamp };
  const details = { type: 'ExecutionFailed', executionFailedEventDetails: { error: steering, cause: steering } };
  await writeFile(join(folder, 'history.json'), JSON.stringify({ events: [...events, { ...failed, ...details }] }));
  const lines: string[] = [];

  await main(['--history', join(folder, 'history.json')], (line) => lines.push(line));
  await main(['--history', join(folder, 'history.json'), '--json'], (line) => lines.push(line));

  expect(lines.join('\n')).toContain('PAGE');
  expect(lines.join('\n')).not.toContain('\u001b');
});

test('a history that was cut says so in place of an end, and is not run again', async () => {
  const cut = JSON.stringify({ ...asAwsExport(recorded.executions[0]!.history.slice(0, -6)), nextToken: 'abc' });

  const shown = await replay(cut);
  const again = await replay(cut, '--rerun');

  expect(shown).toMatchObject({ code: exitCodes.asExpected, result: { outcome: 'NOT KNOWN' } });
  expect(again.code).toBe(exitCodes.badInput);
  expect(again.err).toContain('the export was cut (nextToken)');
});

test.each(readMachines)(
  'a history of %s is known by its first state alone, and by the name of its machine',
  async (playbook, first) => {
    const history = (input: object, state: string) =>
      JSON.stringify({
        events: [
          { id: 1, timestamp: 1_772_442_003, type: 'ExecutionStarted', executionStartedEventDetails: input },
          { id: 2, timestamp: 1_772_442_003, type: 'TaskStateEntered', stateEnteredEventDetails: { name: state } },
        ],
      });
    const stateMachineVersionArn = `arn:aws:states:us-east-1:123456789012:stateMachine:incident-playbooks-dev-${playbook}:7`;

    expect((await replay(history({}, first))).result.playbook).toBe(playbook);
    expect((await replay(history({ stateMachineVersionArn }, 'A former first state'))).result.playbook).toBe(playbook);
  },
);

test('a history of somebody else’s machine is bad input', async () => {
  const { code, err } = await replay(
    JSON.stringify({
      events: [
        { id: 1, timestamp: 1_772_442_003, type: 'ExecutionStarted' },
        { id: 2, timestamp: 1_772_442_003, type: 'PassStateEntered', stateEnteredEventDetails: { name: 'Bake cake' } },
      ],
    }),
  );

  expect(code).toBe(exitCodes.badInput);
  expect(err).toContain('none of our playbooks');
});
