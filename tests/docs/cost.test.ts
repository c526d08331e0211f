import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageStage } from '../../drill/packaging/package-stage';
import { root, textOf } from '../../tools/docs/pages';

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

/** Alarms of playbooks that were added later are not those of the stack as it comes. */
function addedAlarms(): string[] {
  const folder = join(root, 'resources', 'playbooks');
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
  return files.flatMap((file) => [...file.matchAll(/^ {2}(\w+):$/gm)].map(([, logicalId = '']) => logicalId));
}

test.each([
  ['alarms', false],
  ['alarms on logs', true],
])('the %s are as many as the template has', async (what, isOnLogs) => {
  const { Resources } = await packageStage('dev');
  const metrics = Object.entries(Resources)
    .filter(([logicalId, { Type }]) => Type === 'AWS::CloudWatch::Alarm' && !addedAlarms().includes(logicalId))
    .filter(([, { Condition = '' }]) => /^Has\w+LogGroup$/.test(Condition) === isOnLogs)
    .map(([, { Properties }]) => {
      const { Metrics } = Properties;
      return Array.isArray(Metrics) ? Metrics.filter((one) => one.MetricStat).length : 1;
    });
  const count = metrics.reduce((sum, one) => sum + one, 0);

  expect(text).toContain(`${what}: ${count} metrics`);
  expect(text).toContain(`\`${count} × 0.10 = `);
});

test.each([
  ['restart-instance', /a restart that resolves +\| `(\d+) ×/],
  ['isolate-instance', /an isolation +\| `(\d+) ×/],
  ['block-traffic', /a block +\| `(\d+) ×/],
  ['patch-instance', /a patch install +\| `(\d+) ×/],
  ['patrol-fleet', /patrol-fleet, hourly +\| `730 × (\d+) ×/],
  ['reconcile-alarms', /reconcile-alarms, .* +\| `2950 × (\d+) ×/],
])('the transitions of %s are near those that its page counted', (playbook, row) => {
  const page = textOf(`docs/playbooks/${playbook}.md`);
  const counted = Number(/\| state transitions +\| (\d+)/.exec(page)?.[1]);
  const said = Number(row.exec(text)?.[1]);

  // A round more or less of a wait loop, as random numbers fall, needs no new page.
  expect(Math.abs(said - counted) / counted).toBeLessThan(0.1);
});
