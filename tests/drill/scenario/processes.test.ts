import { runInProcesses } from '../../../drill/scenario/processes';
import type { DrillResult } from '../../../drill/scenario/result';

test('scenarios run in processes of their own, and every result arrives whole', async () => {
  const results = new Map<string, DrillResult>();

  await runInProcesses(['already-stopped', 'protected-instance', 'forged-source'], 2, ({ name, result }) => {
    results.set(name, result);
  });

  expect([...results.keys()].sort()).toEqual(['already-stopped', 'forged-source', 'protected-instance']);
  expect([...results.values()].map(({ ok }) => ok)).toEqual([true, true, true]);
  expect(results.get('protected-instance')?.executions[0]?.path.at(-1)).toBe('Done');
});

test('a scenario that cannot be run is an error that names it, and is not taken for a result', async () => {
  const seen: string[] = [];

  await expect(runInProcesses(['no-such-scenario'], 1, ({ name }) => seen.push(name))).rejects.toThrow(
    /no-such-scenario.*There is no scenario/,
  );
  expect(seen).toEqual([]);
});

test('once it is aborted nothing more is begun, and there is what had ended by then', async () => {
  const begun: string[] = [];
  const ended: string[] = [];
  const interrupted = new AbortController();
  const onAnswer = ({ name }: { name: string }) => {
    ended.push(name);
    interrupted.abort();
  };

  const names = ['already-stopped', 'protected-instance', 'forged-source'];
  await runInProcesses(names, 1, onAnswer, { signal: interrupted.signal, onBegin: (name) => begun.push(name) });

  expect(begun).toEqual(['already-stopped']);
  expect(ended).toEqual(['already-stopped']);
});
