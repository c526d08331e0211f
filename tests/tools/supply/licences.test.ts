import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgeLicences } from '../../../tools/supply/licences';

const lock = (packages: Record<string, object>) => JSON.stringify({ packages: { '': {}, ...packages } });
const findings = (packages: Record<string, object>, excepted = {}) => judgeLicences(lock(packages), excepted).findings;

test('every package of the lockfile is under a licence that allows what is done with it', () => {
  const report = judgeLicences(readFileSync(join(__dirname, '../../../package-lock.json'), 'utf8'));

  expect(report.shipped).toBeGreaterThan(20);
  expect(report.findings).toEqual([]);
});

test.each([
  ['under a copyleft licence', { license: 'AGPL-3.0-or-later' }, 'x is shipped under AGPL-3.0-or-later'],
  ['under a licence for tools', { license: 'BlueOak-1.0.0' }, 'x is shipped under BlueOak-1.0.0'],
  ['without a licence', {}, 'x is shipped under no licence'],
  ['under words', { license: 'SEE LICENSE IN FILE' }, 'x is shipped under SEE LICENSE IN FILE'],
  [
    'under two licences at once, one of them copyleft',
    { license: 'MIT AND GPL-3.0' },
    'x is shipped under MIT AND GPL-3.0',
  ],
])('a shipped package %s is found', (_what, entry, finding) => {
  expect(findings({ 'node_modules/x': entry })).toEqual([finding]);
});

test('a choice of licences is met by one that is approved', () => {
  expect(findings({ 'node_modules/x': { license: '(MIT OR GPL-3.0)' } })).toEqual([]);
});

test('an exception holds for a tool, and never for what is shipped', () => {
  const agpl = { license: 'AGPL-3.0-or-later' };
  const excepted = { '@a/x': 'tests alone use it' };

  expect(findings({ 'node_modules/y/node_modules/@a/x': { ...agpl, dev: true } }, excepted)).toEqual([]);
  expect(findings({ 'node_modules/@a/x': agpl }, excepted)).toContain('@a/x is shipped under AGPL-3.0-or-later');
});

test('an exception that nothing needs any more is found', () => {
  expect(findings({}, { gone: 'it was there once' })).toEqual(['gone is excepted, and needs no exception']);
});
