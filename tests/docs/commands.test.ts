import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { packageStage } from '../../drill/packaging/package-stage';
import { scenarioNames } from '../../drill/scenario/load';
import { account, region } from '../../drill/stack/place';
import { resolveTemplate } from '../../drill/stack/resolve';
import { commandsOf, pages, root, textOf } from '../../tools/docs/pages';

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
const stages = parse(readFileSync(join(root, 'resources/stages.yml'), 'utf8')) as Record<string, unknown>;
const all = pages.flatMap((page) => commandsOf(textOf(page)).map((command) => ({ page, command })));
const beginning = (...starts: string[]) =>
  all.filter(({ command }) => starts.some((start) => `${command} `.startsWith(`${start} `)));

/** A word of a command, without quotes. */
const words = (command: string) => [...command.matchAll(/'[^']*'|"[^"]*"|\S+/g)].map(([word]) => word);
/** `npm run --silent score -- --explain` → the script and what it is given. */
function npmRun(command: string): { script: string; args: string[] } {
  const [, , ...rest] = words(command);
  const [script = '', ...args] = rest.filter((word) => !['--silent', '-s', '--'].includes(word));
  return { script, args };
}

/** Scripts that are no command line of ours, or that take none. */
const others = ['test', 'test:browser', 'format', 'draw', 'screenshots'];
/** Every option that `--help` of a script names; asked once. */
const helps = new Map<string, Set<string>>();
function optionsOf(script: string): Set<string> {
  const known = helps.get(script);
  if (known) return known;
  const file = /tsx (\S+)/.exec(scripts[script] ?? '')?.[1];
  if (!file) throw new Error(`the script ${script} runs no tool of ours`);
  const help = execFileSync(process.execPath, ['--import', 'tsx', file, '--help'], { cwd: root, encoding: 'utf8' });
  const options = new Set([...help.matchAll(/--[a-z][a-z-]*/g)].map(([option]) => option));
  helps.set(script, options);
  return options;
}

test('there are commands to check', () => {
  expect(all.length).toBeGreaterThan(50);
});

test('every page speaks of npm scripts that exist, and gives them options that they know', () => {
  const wrong = beginning('npm run').flatMap(({ page, command }) => {
    const { script, args } = npmRun(command);
    if (!(script in scripts)) return [`${page}: npm run ${script} does not exist`];
    const options = args.filter((arg) => arg.startsWith('--'));
    const unknown = options.filter((option) => others.includes(script) || !optionsOf(script).has(option));
    return unknown.map((option) => `${page}: npm run ${script} does not know ${option}`);
  });

  expect(wrong).toEqual([]);
});

test('a misspelt option and a missing script would be found', () => {
  expect(optionsOf('drill').has('--scenario')).toBe(true);
  expect(optionsOf('drill').has('--scenari')).toBe(false);
  expect('dril' in scripts).toBe(false);
});

test('every scenario and every stage that a command names exists', async () => {
  // A newcomer's playbook does not exist yet.
  const names = [...(await scenarioNames()), 'tell-team', 'NAME'];
  const valueAfter = (command: string, option: string) => words(command)[words(command).indexOf(option) + 1] ?? '';
  const wrong = all.flatMap(({ page, command }) => [
    ...(command.includes('--scenario ') && !names.includes(valueAfter(command, '--scenario'))
      ? [`${page}: ${command}`]
      : []),
    ...(command.includes('--stage ') && !(valueAfter(command, '--stage') in stages) ? [`${page}: ${command}`] : []),
  ]);

  expect(wrong).toEqual([]);
});

test('every other command is one that is known here', () => {
  const npx = beginning('npx').map(({ page, command }) => ({ page, parts: words(command).slice(1) }));
  const wrong = npx.filter(({ parts: [tool, what = ''] }) => {
    if (tool === 'serverless') return !['deploy', 'package', 'remove'].includes(what);
    return tool !== 'jest' || !(existsSync(join(root, what)) || what === 'tests/playbooks/tell-team');
  });
  const rest = all.filter(({ command }) => !/^(npm (run|ci|cit|test)\b|npx |aws |\.ci\/run$|PYTHON=)/.test(command));

  expect(wrong).toEqual([]);
  expect(rest).toEqual([]);
});

test('what a command of the AWS CLI names is in the template, and its JSON can be read', async () => {
  const place = { account, region, stackName: 'incident-playbooks-dev' };
  const resources = [...resolveTemplate(await packageStage('dev'), place).values()];
  const names = resources.flatMap(({ properties, arn }) => [
    ...['FunctionName', 'StateMachineName', 'TableName', 'QueueName'].map((key) => properties[key]),
    arn.split(':').at(-1),
  ]);
  const named = beginning('aws').flatMap(({ command }) => command.match(/incident-playbooks-dev-[a-z-]*[a-z]/g) ?? []);
  const json = beginning('aws').flatMap(({ command }) => command.match(/'(\{.*\})'/)?.[1] ?? []);

  expect(named.length).toBeGreaterThan(8);
  expect(named.filter((name) => !names.includes(name))).toEqual([]);
  for (const text of json) expect(JSON.parse(text)).toBeInstanceOf(Object);
});
