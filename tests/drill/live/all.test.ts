import { allLines, allProgressFor } from '../../../drill/live/all';

test('what runs stands above what ended last, with how long it has run', () => {
  const ended = Array.from({ length: 10 }, (_, i) => `${i + 1}/12 done`);

  expect(allLines(new Map([['storm', 1000]]), ended, 63_000)).toEqual([
    'running: storm (1 m 2 s)',
    '… 2 more above',
    ...ended.slice(2),
  ]);
  expect(allLines(new Map(), [], 0)).toEqual(['starting the processes …']);
});

test('where there is no terminal each scenario is a plain line as it ends', async () => {
  const said: string[] = [];
  const progress = allProgressFor({}, (line) => said.push(line));

  progress.begun('storm');
  progress.ended('storm', '1/1 ✔ storm');
  await progress.end();

  expect(said).toEqual(['1/1 ✔ storm']);
});
