import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageStage } from '../../drill/packaging/package-stage';
import { dollars } from '../../tools/docs/prices';
import { root, textOf } from './pages';

const text = textOf('docs/cost.md');
const lines = [...text.matchAll(/`([^`=]+) = \$([\d.,]+)`/g)].map(([, sum = '', result = '']) => ({ sum, result }));

/** Works out a sum of products with brackets, as the page writes it. */
function workOut(sum: string): number {
  const plain = sum.replaceAll('×', '*');
  if (!/^[\d\s.*+()]+$/.test(plain)) throw new Error(`no sum: ${sum}`);
  return Number(new Function(`return ${plain}`)());
}

test.each(lines)('$sum is $result', ({ sum, result }) => {
  const digits = result.split('.')[1]?.length ?? 0;

  expect(workOut(sum).toFixed(digits)).toBe(result);
});

test('there are sums to check', () => {
  expect(lines.length).toBeGreaterThan(20);
});

test('the alarms are as many as the template has', async () => {
  const { Resources } = await packageStage('dev');
  const metrics = Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .map(({ Properties: { Metrics } }) =>
      Array.isArray(Metrics) ? Metrics.filter((one) => one.MetricStat).length : 1,
    );
  const count = metrics.reduce((sum, one) => sum + one, 0);

  expect(text).toContain(`alarms: ${count} metrics`);
  expect(text).toContain(`\`${count} × 0.10 = `);
});

test.each([
  ['restart-instance', (n: number) => `${n} × 0.000025 = ${dollars(n * 0.000025)}`],
  ['isolate-instance', (n: number) => `${n} × 0.000025 = ${dollars(n * 0.000025)}`],
  ['block-traffic', (n: number) => `${n} × 0.000025 = ${dollars(n * 0.000025)}`],
  ['patch-instance', (n: number) => `${n} × 0.000025 = ${dollars(n * 0.000025)}`],
  ['patrol-fleet', (n: number) => `730 × ${n} × 0.000025`],
  ['reconcile-alarms', (n: number) => `2950 × ${n} × 0.000025`],
])('the transitions of %s are those that its page counted', (playbook, lineFor) => {
  const page = readFileSync(join(root, 'docs', 'playbooks', `${playbook}.md`), 'utf8');
  const count = Number(/\| state transitions +\| (\d+)/.exec(page)?.[1]);

  expect(text).toContain(lineFor(count));
});
