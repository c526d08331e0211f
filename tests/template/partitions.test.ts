import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { transformSync } from 'esbuild';

const root = join(__dirname, '../..');

/**
 * Files whose literals may name the commercial partition, each with its reason. What a stage deploys, and what a command asks
 * of a deployed one, has none but the first.
 */
const reasons: Readonly<Record<string, string>> = {
  'functions/context/identity.ts': 'only the commercial partition has what it asks for',
  'drill/chaos/draw.ts': 'scenarios in the region of all drills',
  'drill/chaos/health.ts': 'scenarios in the region of all drills',
  'drill/chaos/events.ts': 'scenarios in the region of all drills',
  'drill/chaos/kinds.ts': 'scenarios in the region of all drills',
  'tools/release/template.ts': 'the example that a parameter stands for, in no deployed template',
  'tools/release/check.ts': 'the examples that the linter is given',
  'tools/template': 'judges the template as it is deployed in us-east-1',
  'tools/new-playbook/template': 'an event of the region of all drills',
};

function filesIn(folder: string, ending: RegExp): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ending.test(entry.name))
    .map(({ parentPath, name }) => relative(root, join(parentPath, name)));
}

const isExcused = (file: string) => Object.keys(reasons).some((one) => file === one || file.startsWith(`${one}/`));

/** The lines of code without its comments. */
const linesOf = (code: string) => transformSync(code, { loader: 'ts' }).code.split('\n');

/** What holds in one partition alone: an ARN of it, or the host of an endpoint. */
const ofOnePartition = /arn:aws(-cn|-us-gov)?:|https?:\/\/[^/]*\.amazonaws\.com|region\}\.amazonaws/i;

const findIn = (lines: string[]) => lines.filter((line) => ofOnePartition.test(line));

test('no source builds an ARN or an endpoint of one partition', () => {
  const files = ['functions', 'cli', 'drill', 'packaging', 'tools'].flatMap((folder) => filesIn(folder, /\.ts$/));
  const found = files
    .filter((file) => !isExcused(file))
    .flatMap((file) => findIn(linesOf(readFileSync(join(root, file), 'utf8'))).map((text) => `${file}: ${text}`));

  expect(found).toEqual([]);
  expect(files.length).toBeGreaterThan(500);
});

test('no template, machine or statement beside the code names a partition', () => {
  const files = [
    'serverless.yml',
    ...['functions', 'resources', 'statemachines'].flatMap((folder) => filesIn(folder, /\.ya?ml$/)),
  ];
  // What a log's line says is the same in all partitions: examples of what a filter counts.
  const found = files
    .filter((file) => !file.endsWith('examples.yml'))
    .flatMap((file) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .filter((line) => !/^\s*#/.test(line) && findIn([line]).length > 0)
        .map((line) => `${file}: ${line.trim()}`),
    );

  // AWS publishes the ranges of all partitions in one place, and documents kms:ViaService with this ending alone.
  const fixed = /https:\/\/ip-ranges\.amazonaws\.com\/|kms:ViaService: /;
  expect(found.filter((line) => !fixed.test(line))).toEqual([]);
  expect(files.length).toBeGreaterThan(40);
});

test.each([
  ['a text', `const arn = 'arn:aws:states:::sns:publish';`],
  ['the head of a template', 'const arn = `arn:aws:ec2:${region}:${account}:instance/${id}`;'],
  ['the middle of a template', 'const arn = `${some} of arn:aws-cn:ec2:${region}`;'],
  ['a regular expression', 'const arn = /^arn:aws:lambda:/;'],
  ['a text after a comment', `/* of all */ const arn = 'arn:aws-us-gov:sns:::topic';`],
  ['an endpoint', 'const url = `https://sqs.us-east-1.amazonaws.com/${account}/queue`;'],
  ['an endpoint of a region', 'const url = `${protocol}://sqs.${region}.amazonaws.com/`;'],
])('a partition is found in %s', (_where, code) => {
  expect(findIn(linesOf(code))).toHaveLength(1);
});

test('every excuse is needed', () => {
  const unneeded = Object.keys(reasons).filter((path) => {
    const files = path.endsWith('.ts') ? [path] : filesIn(path, /\.(ts|json|yml)$/);
    return files.every((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      return findIn(file.endsWith('.ts') ? linesOf(text) : [text]).length === 0;
    });
  });

  expect(unneeded).toEqual([]);
});
