import { join } from 'node:path';
import { rateOf } from '../../../drill/cloud/rates';
import { changeEveryMs } from '../../../functions/enrolment/pace';
import { pageEveryMs, pointsARequest } from '../../../functions/patrol/collect-fleet';
import { readMachines } from '../../../packaging/read-machines';
import { textOf } from '../../../tools/docs/pages';
import { scalePage } from '../../../tools/docs/scale';
import { pacesOf } from '../../../tools/docs/scale-figures';

const machines = readMachines(join(__dirname, '..', '..', '..'));
const text = textOf('docs/scale.md');
const paces = pacesOf(machines);
const sums = [...text.matchAll(/`([^`=]+) = \$?([\d.,]+)`/g)].map(([, left = '', right = '']) => ({ left, right }));

/** The sums of the page, by means of their own. */
function workOut(left: string): number {
  const plain = left
    .replaceAll(',', '')
    .replaceAll('×', '*')
    .replace(/ceil\(([^()]*)\)/g, (_, inner: string) => String(Math.ceil(workOut(inner))));
  const again = /ceil/.test(plain) ? String(workOut(plain)) : plain;
  if (!/^[\d\s.*+()/e-]+$/.test(again)) throw new Error(`no sum: ${left}`);
  return Number(new Function(`return ${again}`)());
}

test.each(sums)('$left is $right', ({ left, right }) => {
  const digits = right.split('.')[1]?.length ?? 0;

  expect(workOut(left).toFixed(digits)).toBe(right.replaceAll(',', ''));
});

test('the page is what the code says (npm run docs writes it anew)', () => {
  expect(sums.length).toBeGreaterThan(40);
  expect(text).toBe(scalePage(machines));
});

test('what paces itself stays under the quota that the drills apply', () => {
  const quotaOf = (command: string) => rateOf('cloudwatch', command, {})!.rate.perSecond;
  const pointsASecond = (paces.batchesAtOnce * pointsARequest) / (pageEveryMs / 1000);

  expect(1000 / changeEveryMs).toBeLessThan(quotaOf('PutMetricAlarm'));
  expect(1 / paces.alarmPageSeconds).toBeLessThan(quotaOf('DescribeAlarms'));
  expect(pointsASecond).toBeLessThan(396_000);
});

test('whole reads of the points of 1,000 instances take less than a fiftieth of what the quota gives an account', () => {
  const secondsOf = (row: string) =>
    text
      .split('\n')
      .find((line) => line.startsWith(`| ${row}`))!
      .match(/= ([\d.]+)` s/g)!
      .map((found) => Number(/[\d.]+/.exec(found)![0]));

  expect(Math.max(...secondsOf('the quota of points of an account'))).toBeLessThan(0.02 * 3_600);
  expect(paces.pointsOfMetric).toBe(14 * 24 * 12);
  expect(paces.pagesOfBatch).toBe(Math.ceil((paces.batchSize * paces.metrics * paces.pointsOfMetric) / pointsARequest));
});

test('the limits follow each other as a fleet reaches them, and the first is the one that the page names', () => {
  const rows = [...text.matchAll(/^\| ([^|]+?) +\| `[^`]+ = ([\d,]+)` instances of (all accounts|an account)/gm)];
  const together = rows
    .filter(([, , , of]) => of === 'all accounts')
    .map(([, , count = '']) => Number(count.replaceAll(',', '')));

  expect(rows.map(([, name]) => name)).toEqual([
    'an account enrolled in one run',
    'a patrol of one account within its time',
    'an account compared within 15 minutes',
    'a patrol of all accounts within its time',
  ]);
  const counts = rows.map(([, , count = '']) => Number(count.replaceAll(',', '')));

  expect(counts).toEqual([...counts].sort((a, b) => a - b));
  expect(together).toEqual([440_000]);
  expect(counts).toContain(44_000);
});
