import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parse } from 'yaml';
import { fixedParams, type ReleasedParam, releaseParameters } from '../../packaging/release-parameters';
import { parseStages, StageParamError } from '../../packaging/stages';
import { wholeNumberPattern } from '../../packaging/whole-number-pattern';

const root = join(__dirname, '..', '..');
const stages = parse(readFileSync(join(root, 'resources/stages.yml'), 'utf8'));
const names = Object.keys(releaseParameters) as ReleasedParam[];

/** Whether CloudFormation would take a value. Source: its template reference, "Parameters". */
function takes(name: ReleasedParam, value: string): boolean {
  const { allowed, pattern, range, longest } = releaseParameters[name];
  if (allowed) return allowed.map(String).includes(value);
  if (range) return value.trim() !== '' && Number(value) >= range[0] && Number(value) <= range[1];
  // A pattern stands for the whole value.
  return value.length <= longest && new RegExp(`^(?:${pattern})$`).test(value);
}

/** Whether a stage may have a value. */
function isValid(name: ReleasedParam, value: string): boolean {
  const typed = typeof stages.default[name] === 'number' ? Number(value) : value;
  try {
    parseStages({ default: { ...stages.default, [name]: typed }, dev: {} }, 'dev');
    return true;
  } catch (error) {
    if (error instanceof StageParamError) return false;
    throw error;
  }
}

const numbers = [
  '-1',
  '0',
  '1',
  '4',
  '5',
  '6',
  '8',
  '9',
  '10',
  '11',
  '12',
  '15',
  '16',
  '32',
  '33',
  '59',
  '60',
  '63',
  '64',
  '100',
  '101',
  '128',
  '129',
  '168',
  '169',
  '239',
  '240',
  '400',
  '720',
  '721',
  '1000',
  '1001',
  '1440',
  '1800',
  '1801',
  '3600',
  '3601',
  '3650',
  '3651',
  '3653',
  '4501',
  '36500',
  '36501',
  '525600',
  '525601',
  '9007199254740991',
  '9007199254740992',
  '1.5',
  '0.5',
  '1e2',
  '0x10',
  '',
  ' 5',
  '015',
];
const texts = [
  'act',
  'observe',
  'Act',
  'ask',
  'never',
  'keep',
  'detach',
  'disable',
  'end',
  'yes',
  'no',
  'i-0123456789abcdef0',
  'i-xyz',
  'acl-0123456789abcdef0',
  'acl-',
  'arn:aws:kms:us-east-1:123456789012:key/abc',
  'arn:aws:kms:us-east-1:1:key/abc',
  'a@example.com',
  'a@b',
  'a b@example.com',
  'x\ny@example.com',
  '10.0.0.0/8',
  '10.0.0.0/33',
  '10.0.0/8',
  '::/0',
  '1::2::3',
  'pl-12345678',
  'pl-123',
  '10.0.0.0/8,pl-12345678',
  '10.0.0.0/8,,::1',
  '2001:db8::/32, 192.0.2.1',
  'web-*',
  'a,b',
  '*',
  'batch/*',
  'role name',
  'ensemble',
  'standby',
  'escalate',
  'refuse',
  'record',
];

test.each(names)('%s: what a release takes, a stage may have', (name) => {
  const wrong = [...numbers, ...texts].filter((value) => takes(name, value) && !isValid(name, value));

  expect(wrong).toEqual([]);
  expect(takes(name, String(stages.default[name]))).toBe(true);
  expect([...numbers, ...texts].some((value) => !takes(name, value))).toBe(true);
});

/** Where a release takes less than a stage may have, as docs/install.md says. */
const narrower: Partial<Record<ReleasedParam, string[]>> = {
  cpuHighMinutes: ['1000'],
  // Packaging reads nothing as 0.
  patrolScore: [''],
  instanceRoles: ['10.0.0.0/8,pl-12345678', 'a,b'],
};

test.each(names)('%s: what a stage may have, a release takes, unless the guide says otherwise', (name) => {
  const written = [...numbers, ...texts].filter((value) => !/^0\d|^ |e|x1/.test(value) || !/\d/.test(value));
  const missing = written.filter((value) => isValid(name, value) && !takes(name, value));

  expect(missing).toEqual(narrower[name] ?? []);
});

test('any list of ranges that a release takes is one that the functions can read', () => {
  const hex = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));
  const ipv6 = fc
    .tuple(fc.array(hex, { maxLength: 8 }), fc.array(hex, { maxLength: 8 }), fc.boolean())
    .map(([head, tail, isShort]) => (isShort ? `${head.join(':')}::${tail.join(':')}` : [...head, ...tail].join(':')));
  const address = fc.oneof(fc.ipV4(), ipv6, fc.ipV6(), fc.stringMatching(/^[0-9a-f.:]{0,12}$/));
  const item = fc
    .tuple(address, fc.option(fc.integer({ min: 0, max: 140 }), { nil: undefined }))
    .map(([one, length]) => (length === undefined ? one : `${one}/${length}`));
  let taken = 0;
  fc.assert(
    fc.property(fc.array(item, { minLength: 1, maxLength: 3 }), (items) => {
      if (!takes('neverBlock', items.join(','))) return;
      taken += 1;
      expect(isValid('neverBlock', items.join(','))).toBe(true);
    }),
    { numRuns: 2000, seed: 20 },
  );
  expect(taken).toBeGreaterThan(200);
});

test('a pattern of whole numbers has exactly those of its range', () => {
  fc.assert(
    fc.property(fc.nat(3000), fc.nat(3000), (one, other) => {
      const [min, max] = [Math.min(one, other), Math.max(one, other)];
      const pattern = new RegExp(wholeNumberPattern(min, max));
      for (const value of [0, min - 1, min, min + 1, (min + max) >> 1, max - 1, max, max + 1, max * 10])
        expect([value, pattern.test(String(value))]).toEqual([value, value >= min && value <= max]);
    }),
    { numRuns: 500, seed: 20 },
  );
});

test('the longest times of approvals that a release takes fit together', () => {
  const longest = { approvalSeconds: 3600, sessionsApprovalSeconds: 1800, leaseMinutes: '240' };

  expect(() => parseStages({ default: { ...stages.default, ...longest }, dev: {} }, 'dev')).not.toThrow();
});

test('no two params have the same pair of values by which their places are found', () => {
  const pairs = names
    .map((name) => releaseParameters[name].probes.join(' '))
    .filter((pair) => pair !== '0 0' && pair !== ' ');

  expect(new Set(pairs).size).toBe(pairs.length);
});

test('the guide says which params are fixed, and the workflow makes what the script makes', () => {
  const guide = readFileSync(join(root, 'docs/install.md'), 'utf8');
  const { jobs } = parse(readFileSync(join(root, '.github/workflows/release.yml'), 'utf8'));
  const steps = jobs.release.steps as { run?: string; uses?: string }[];

  for (const name of Object.keys(fixedParams)) expect(guide).toContain(`\`${name}\``);
  expect(steps.some(({ run }) => run === 'npm run release -- --out release')).toBe(true);
  for (const { uses } of steps) if (uses) expect(uses).toMatch(/@[0-9a-f]{40}$/);
});
