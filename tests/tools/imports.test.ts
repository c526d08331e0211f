import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import lanes from '../../tools/imports/lanes.json';
import pure from '../../tools/imports/pure.json';
import rooms from '../../tools/imports/rooms.json';

const root = join(__dirname, '../..');
const names = Object.keys(rooms) as (keyof typeof rooms)[];

/** Imports that each break one rule, as `from`, `to` and how it is written. */
const plants: Record<string, [string, string, (path: string) => string][]> = {
  // A circle is reported once, where it is met first.
  'no-circles': [['drill/circle/one.ts', 'drill/circle/two.ts', (path) => `import type { Two } from '${path}';`]],
  'pure-steps-reach-no-client': [
    ['functions/guard/plan.ts', 'functions/guard/lease.ts', (path) => `import type { Held } from '${path}';`],
  ],
  'pure-steps-import-no-sdk': [
    ['functions/finding/finding.ts', '@aws-sdk/client-ec2', (path) => `import { EC2Client } from '${path}';`],
  ],
  'the-cloud-knows-no-step': [
    ['drill/cloud/ec2/model.ts', 'functions/guard/lease.ts', (path) => `export * from '${path}';`],
  ],
  'the-checker-knows-no-step': [['drill/check/facts.ts', 'functions/guard/lease.ts', (path) => `import '${path}';`]],
  'unit-tests-need-no-stack': [
    ['tests/guard/plan.test.ts', 'drill/scenario/run.ts', (path) => `import { run } from '${path}';`],
  ],
  'unit-tests-start-no-process': [
    ['tests/guard/tags.test.ts', 'node:child_process', (path) => `import { fork } from '${path}';`],
  ],
};

/** Each room imports each other one that it may not, in every way that TypeScript has for it. */
const writings: ((path: string) => string)[] = [
  (path) => `import { x } from '${path}';`,
  (path) => `import type { X } from '${path}';`,
  (path) => `export { x } from '${path}';`,
  (path) => `export const later = async () => (await import('${path}')).x;`,
  (path) => `export const now = require('${path}');`,
];
for (const room of names) {
  const refused = names.filter((other) => other !== room && !(rooms[room].imports as string[]).includes(other));
  const planted = refused.flatMap((other) =>
    writings.map((write, index): [string, string, typeof write] => [
      `${room}/planted/${other}${index}.ts`,
      `${other}/target.ts`,
      write,
    ]),
  );
  if (planted.length > 0) plants[`${room}-only-rooms-below`] = planted;
}

const files = new Map<string, string>([
  ...names.map((room): [string, string] => [`${room}/target.ts`, 'export const x = 1; export type X = 1;']),
  ['drill/circle/two.ts', "export type { One } from './one';"],
  ['drill/stack/stack.ts', 'export const bringUp = 1;'],
  ['drill/scenario/run.ts', "import { bringUp } from '../stack/stack'; export const run = bringUp;"],
  ['tests/faults/calls.test.ts', "import { run } from '../../drill/scenario/run'; import 'node:child_process';"],
  ['functions/shared/clients/ec2.ts', 'export const ec2 = 1;'],
  ['functions/guard/lease.ts', "import { ec2 } from '../shared/clients/ec2'; export type Held = typeof ec2;"],
]);
for (const [from, to, write] of Object.values(plants).flat()) {
  const up = '../'.repeat(from.split('/').length - 1);
  files.set(from, `${write(/^(@|node:)/.test(to) ? to : `${up}${to.replace('.ts', '')}`)}\n${files.get(from) ?? ''}`);
}

interface Report {
  summary: { violations: { rule: { name: string }; from: string; to: string; via?: { name: string }[] }[] };
}

async function check(folder: string): Promise<Report> {
  const binary = join(root, 'node_modules/.bin/depcruise');
  const options = ['--config', join(root, 'tools/imports/rules.js'), '--output-type', 'json', ...names];
  const { stdout } = await promisify(execFile)(binary, options, { cwd: folder, maxBuffer: 2 ** 26 });
  return JSON.parse(stdout) as Report;
}

describe('the rules of who may import whom', () => {
  let folder: string;
  let found: Report['summary']['violations'];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'imports-'));
    for (const [file, text] of files) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text);
    }
    found = (await check(folder)).summary.violations;
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each(Object.entries(plants))('%s', (rule, planted) => {
    const seen = found.filter(({ rule: { name } }) => name === rule).map(({ from }) => from);

    expect([...new Set(seen)].sort()).toEqual([...new Set(planted.map(([from]) => from))].sort());
  });

  test('every rule has a plant', () => {
    const { forbidden } = require('../../tools/imports/rules') as { forbidden: { name: string }[] };

    expect(Object.keys(plants).sort()).toEqual(forbidden.map(({ name }) => name).sort());
  });
});

test('every step that is called pure is there', () => {
  const named = [...pure.files, ...pure.except, ...pure.knowTypesOfAws];

  expect(
    named.filter((name) => !existsSync(join(root, 'functions', name.endsWith('/') ? name : `${name}.ts`))),
  ).toEqual([]);
});

test('every test that is called one of drills is there', () => {
  const isThere = (name: string) => existsSync(join(root, 'tests', name.endsWith('/') ? name : `${name}.test.ts`));

  expect(lanes.drill.filter((name) => !isThere(name))).toEqual([]);
});
