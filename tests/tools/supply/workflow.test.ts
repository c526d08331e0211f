import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const root = join(__dirname, '../../..');
const folder = join(root, '.github/workflows');
const workflows = readdirSync(folder).map((file) => parse(readFileSync(join(folder, file), 'utf8')));
const steps = workflows.flatMap(({ jobs }) => Object.values(jobs as object).flatMap((job) => job.steps));

test('every action is pinned by a commit', () => {
  const used = steps.map(({ uses }) => uses).filter(Boolean);

  expect(used.length).toBeGreaterThan(0);
  expect(used.filter((action) => !/^[\w./-]+@[0-9a-f]{40}$/.test(action))).toEqual([]);
});

test('a workflow may read the repository and nothing else, and keeps no credentials', () => {
  for (const { permissions } of workflows) expect(permissions).toEqual({ contents: 'read' });
  const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
  for (const checkout of checkouts) expect(checkout.with).toMatchObject({ 'persist-credentials': false });
});

test('what a contributor runs packages every stage and asks the supply chain', () => {
  const script = readFileSync(join(root, '.ci/run'), 'utf8');
  const { default: _defaults, ...stages } = parse(readFileSync(join(root, 'resources/stages.yml'), 'utf8'));

  expect(/for stage in ([\w ]+); do/.exec(script)?.[1]?.split(' ')).toEqual(Object.keys(stages));
  for (const name of ['audit', 'licences', 'sbom']) expect(script).toContain(`npm run --silent ${name}`);
});

test('CI runs what a contributor runs, and every script that it names exists', () => {
  const runs = steps.map(({ run }) => run).filter(Boolean);
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const named = runs.flatMap((run) => /^npm run (\w+)/.exec(run)?.[1] ?? []);

  expect(runs).toContain('.ci/run');
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
  expect(named).toEqual(expect.arrayContaining(['audit', 'licences', 'sbom']));
});
