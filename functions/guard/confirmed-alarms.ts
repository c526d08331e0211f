import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { here } from '../place/here';
import { cloudWatch } from '../shared/clients/cloudwatch';
import { ec2 } from '../shared/clients/ec2';
import { itemsIn } from '../shared/clients/table';
import type { Config } from '../shared/config';
import { quarantineTag, refusalByTags, toTags } from './tags';

/** As many as DescribeAlarms takes names for. Source: CloudWatch API reference, DescribeAlarms. */
const atOnce = 100;

/**
 * How many of the instances whose alarms went off in a window CloudWatch and EC2 confirm: the alarm is in ALARM, and the
 * instance may be acted on. Asks about a hundred at most, in two calls, since that is more than any limit needs.
 */
export async function confirmedAmong(windowStart: string, config: Config): Promise<number> {
  const items = await itemsIn(`STORM#${here(windowStart)}`, '', config);
  const newest = items.sort((a, b) => String(b.at).localeCompare(String(a.at))).slice(0, atOnce);
  if (newest.length === 0) return 0;
  const standing = await namesInAlarm(newest.map(({ alarmName }) => String(alarmName)));
  const ids = newest.filter(({ alarmName }) => standing.has(String(alarmName))).map(({ sk }) => String(sk));
  return ids.length > config.STORM_LIMIT ? countEligible(ids, config) : ids.length;
}

async function namesInAlarm(AlarmNames: string[]): Promise<Set<string>> {
  const { MetricAlarms = [], CompositeAlarms = [] } = await cloudWatch.send(
    new DescribeAlarmsCommand({
      AlarmNames: [...new Set(AlarmNames)],
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
      StateValue: 'ALARM',
      MaxRecords: atOnce,
    }),
  );
  return new Set([...MetricAlarms, ...CompositeAlarms].flatMap(({ AlarmName }) => AlarmName ?? []));
}

/** By a filter: an ID in InstanceIds that does not exist would refuse the whole call. */
async function countEligible(ids: string[], config: Config): Promise<number> {
  const { Reservations = [] } = await ec2.send(
    new DescribeInstancesCommand({ Filters: [{ Name: 'instance-id', Values: ids }] }),
  );
  const all = Reservations.flatMap(({ Instances = [] }) => Instances.map(({ Tags }) => toTags(Tags)));
  return all.filter((tags) => !refusalByTags(tags, config) && tags[quarantineTag] === undefined).length;
}
