import { loadScenario } from '../../drill/scenario/load';
import { runScenario } from '../../drill/scenario/run';
import { stopRecordStore } from '../../drill/stack/record-store';
import { expectAsSaid } from '../fixtures/catalogue';

afterAll(stopRecordStore);

const throttles = ['RequestLimitExceeded', 'Throttling', 'ThrottlingException'];

test('row 34: a storm of 1,000 alarms is one parent incident, at most K actions, and no request too many', async () => {
  const result = await runScenario(await loadScenario('storm'));
  const { incidents, items, ledger, executions, violations } = result;

  const parents = items.filter(({ sk, trigger }) => sk === 'RECORD' && trigger === 'storm');
  const children = incidents.filter(({ code, outcome }) => code === 'storm' && outcome === 'SKIPPED');
  const acted = new Set(
    ledger.filter(({ effective, service }) => effective && service === 'ec2').flatMap(({ resources }) => resources),
  );
  expect(violations).toEqual([]);
  expect(executions).toHaveLength(1000);
  expect(parents).toMatchObject([{ outcome: 'ESCALATED', code: 'storm' }]);
  expect(children.length).toBeGreaterThanOrEqual(985);
  expect(acted.size).toBeLessThanOrEqual(5);
  expect(ledger.filter(({ errorName }) => throttles.includes(errorName ?? ''))).toEqual([]);
  await expectAsSaid(result);
});

test('row 67: findings in masses are one request for the group', async () => {
  const result = await runScenario(await loadScenario('address-flood'));

  expect(result.notices.filter(({ subject }) => subject?.includes('Approve block?'))).toHaveLength(1);
  await expectAsSaid(result);
});
