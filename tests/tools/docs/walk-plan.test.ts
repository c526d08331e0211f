import { commandsOf, pages, textOf } from '../../../tools/docs/pages';
import { planWalk } from '../../../tools/docs/walk-plan';

const expectationOf = (command: string) => planWalk([command])[0]!.expects;

test.each([
  ['npm run drill -- --list', 'success'],
  ['npx jest tests/playbooks/tell-team', 'success'],
  ['npm run backtest -- --metrics cpu.csv', 'success'],
  ['npm run backtest -- --stage prod --days 14', 'no-credentials'],
  ['npm run kill-switch -- --stage prod --on --reason "…"', 'no-credentials'],
  ['npx serverless deploy --stage dev', 'no-credentials'],
  ['aws iam tag-role', 'nothing'],
  ['npm cit', 'nothing'],
  ['npm run walk', 'nothing'],
  ["npm run mutate -- --mutate 'functions/guard/**/*.ts'", 'nothing'],
  ['npm run drill -- --scenario NAME', 'nothing'],
])('%s is expected to end with %s', (command, expects) => {
  expect(expectationOf(command)).toBe(expects);
});

test('a command that stands on two pages is tried once', () => {
  expect(planWalk(['npm run drill', 'npm run drill'])).toHaveLength(1);
});

test('pages are made anew after each command that changes what they are made of', () => {
  const commands = planWalk([
    'npm run docs',
    'npm run new:playbook -- tell-team',
    'npm run docs',
    'npm run docs -- --check',
  ]);

  expect(commands.map(({ command }) => command)).toHaveLength(4);
});

test('most of what the pages tell a reader to run in this project is really run', () => {
  const own = planWalk(pages.flatMap((page) => commandsOf(textOf(page)))).filter(({ command }) =>
    /^np[mx] /.test(command),
  );

  expect(own.filter(({ expects }) => expects !== 'nothing').length / own.length).toBeGreaterThan(0.7);
});
