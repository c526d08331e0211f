import { judgeAudit } from '../../../tools/supply/audit';

const today = new Date('2026-11-24T12:00:00Z');
const advisory = (severity: string, url = 'https://github.com/advisories/GHSA-1') => ({
  source: 1,
  name: 'left',
  dependency: 'left',
  title: 'It pads to the right',
  url,
  severity,
  range: '<2',
});
const printed = (...via: unknown[]) =>
  JSON.stringify({ auditReportVersion: 2, vulnerabilities: { left: { name: 'left', via }, right: { via: ['left'] } } });

test('a vulnerability is found once, with what a person needs to look it up', () => {
  const again = JSON.parse(printed(advisory('high')));
  again.vulnerabilities.other = again.vulnerabilities.left;

  expect(judgeAudit(JSON.stringify(again), today)).toEqual({
    verdict: 'FOUND',
    lines: ['high: left <2: It pads to the right (https://github.com/advisories/GHSA-1)'],
  });
});

test.each([
  ['low', 'CLEAN'],
  ['moderate', 'FOUND'],
  ['critical', 'FOUND'],
])('an advisory that is %s: %s', (severity, verdict) => {
  expect(judgeAudit(printed(advisory(severity)), today).verdict).toBe(verdict);
});

test.each([
  ['2026-11-24', 'CLEAN'],
  ['2026-11-23', 'FOUND'],
])('an advisory that is allowed until %s: %s', (until, verdict) => {
  const allowed = [{ url: 'https://github.com/advisories/GHSA-1', until, reason: 'The function is never called.' }];

  expect(judgeAudit(printed(advisory('high')), today, allowed).verdict).toBe(verdict);
});

test('a registry without an answer is no clean bill', () => {
  const refusal = { message: '405 Method Not Allowed - POST /advisories/bulk', statusCode: 405, error: {} };

  expect(judgeAudit(JSON.stringify(refusal), today)).toEqual({
    verdict: 'NOT_ASKED',
    lines: ['The registry was not asked: 405 Method Not Allowed - POST /advisories/bulk'],
  });
});

test('what is neither a report nor a refusal is refused by its field', () => {
  expect(() => judgeAudit('{}', today)).toThrow('vulnerabilities');
});
