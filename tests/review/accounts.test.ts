import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { externalId, organizationId } from '../../drill/stack/spoke-roles';
import type { Stack } from '../../drill/stack/stack';
import { openedShardOf } from '../../functions/record/opened-shard';
import type { ReviewRecord } from '../../functions/review/record';
import { runMachine, watching } from '../fixtures/watching';
import { needless } from './records';
import { noisyValues } from './series';

jest.setTimeout(300_000);

const [good, bad] = ['210987654321', '310987654321'];
const instanceId = 'i-0123456789abcdef0';
const alarmName = `restart-instance-dev-cpu-high-${instanceId}`;
const placed = (account: string) => ({ account, region: 'us-east-1' });
const given = {
  start: new Date('2026-03-02T09:00:00Z'),
  places: [
    { account: good, fleet: [{ instanceId }] },
    { account: bad, fleet: [{ instanceId }], roles: 'missing' as const },
  ],
  params: { organizationId, spokeExternalId: externalId, spokeAccounts: `${good},${bad}` },
};
const begin = Date.parse('2026-03-01T00:00:00Z');

/** In each account an alarm of the same name, on the same instance ID, with peaks of its own. */
function plant({ cloudWatch }: Stack['cloud'], peak: number) {
  const dimensions = { InstanceId: instanceId };
  const values = noisyValues(peak);
  const value = (at: number) => values[Math.floor((at - begin) / 300_000)] ?? 20;
  cloudWatch.series({ namespace: 'AWS/EC2', metricName: 'CPUUtilization', dimensions }, { value });
  cloudWatch.putAlarm({
    ...{ AlarmName: alarmName, Namespace: 'AWS/EC2', MetricName: 'CPUUtilization', Statistic: 'Average', Period: 300 },
    ...{ Dimensions: [{ Name: 'InstanceId', Value: instanceId }], Threshold: 80, EvaluationPeriods: 3 },
    ...{ ComparisonOperator: 'GreaterThanOrEqualToThreshold', TreatMissingData: 'missing' },
  });
}

async function putRecord({ dynamoDb, time }: Stack, { incidentId, openedAt, ...more }: ReviewRecord) {
  const keys = { pk: `INCIDENT#${incidentId}`, sk: 'RECORD', recordVersion: 3, status: 'CLOSED', trigger: 'alarm' };
  const Item = { ...keys, ...openedShardOf(incidentId, openedAt), incidentId, openedAt, ...more, extra: { notes: [] } };
  const done = { yet: false };
  const put = new PutItemCommand({ TableName: 'incident-playbooks-dev-incidents', Item: marshall(Item) });
  const putting = dynamoDb.send(put).finally(() => {
    done.yet = true;
  });
  await time.runUntil(() => done.yet);
  await putting;
}

/** Of rows 70 and 71: row 70, a spoke that cannot be reached; row 71, the same instance ID in two places. */
test('the weekly review proposes for each account by its own metrics, and names the one that it cannot read', async () => {
  await watching(async (stack) => {
    const [there, unreachable] = stack.places;
    plant(stack.cloud, 84);
    plant(there!.cloud, 94);
    plant(unreachable!.cloud, 90);
    for (const place of [undefined, placed(good), placed(bad)])
      for (const index of [33, 67, 101]) {
        const openedAt = new Date(begin + index * 300_000).toISOString();
        const of = place ? { place } : {};
        await putRecord(stack, needless({ alarmName, instanceId, openedAt, closedAt: openedAt, ...of }));
      }
    const run = await runMachine(stack, 'review-incidents');
    const { message = '' } = stack.cloud.sns.messages.at(-1) ?? {};
    const thresholds = [...message.matchAll(/: 80 % → (\d+(?:\.\d+)?) %; needless alarms 3 → 0/g)].map(([, one]) =>
      Number(one),
    );
    const commands = stack.cloud.ledger.entries.map(({ command }) => command);

    expect(run.status).toBe('SUCCEEDED');
    expect(thresholds).toHaveLength(2);
    expect(thresholds[0]).toBeLessThanOrEqual(85);
    expect(thresholds[1]).toBeGreaterThan(90);
    expect(message).toMatch(new RegExp(`${alarmName}: 80 %`));
    expect(message).toMatch(new RegExp(`${alarmName} .{0,2}account ${good}.{0,2}: 80 % → 9`));
    expect(message).toContain(`with credentials of that account: aws ec2 create-tags --resources ${instanceId}`);
    expect(message).toMatch(new RegExp(`account ${bad}, 1 alarm .*PlaceUnreachableError`));
    expect(message).not.toMatch(new RegExp(`account ${bad}\\S*: 80 %`));
    // The ledger is of all accounts: two were asked, each once.
    expect(commands.filter((one) => one === 'GetMetricData')).toHaveLength(2);
    expect(commands.filter((one) => one === 'DescribeAlarms')).toHaveLength(2);
    expect(stack.cloud.ledger.entries.filter(({ errorName }) => errorName === 'ThrottlingException')).toEqual([]);
  }, given);
});
