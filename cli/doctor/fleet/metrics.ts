import { GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { Instance } from '@aws-sdk/client-ec2';
import { chunksOf } from '../../../functions/shared/chunks';
import { ask } from '../ask';
import type { Check, Subject } from '../check';
import { fail, ok, some, warn } from '../line';
import { enrolled, idsOf, noTags, running } from './instances';

/** Basic monitoring sends one point each five minutes; a young instance may have none yet. */
const lookBackMs = 20 * 60_000;
/** The most queries in a call. Source: CloudWatch API reference, GetMetricData. */
const mostQueries = 500;

const queryOf = ({ InstanceId }: Instance, i: number): MetricDataQuery => ({
  Id: `m${i}`,
  MetricStat: {
    Metric: {
      Namespace: 'AWS/EC2',
      MetricName: 'CPUUtilization',
      Dimensions: [{ Name: 'InstanceId', Value: InstanceId }],
    },
    Period: 300,
    Stat: 'SampleCount',
  },
});

/** Those of at most 500 instances that have reported nothing lately. */
async function silentOf(
  { now, clients: { cloudWatch } }: Subject,
  instances: readonly Instance[],
): Promise<Instance[]> {
  const MetricDataQueries = instances.map(queryOf);
  const window = { StartTime: new Date(now.getTime() - lookBackMs), EndTime: now };
  const heard = new Set<string>();
  let NextToken: string | undefined;
  do {
    const input = { MetricDataQueries, ...window, ...(NextToken ? { NextToken } : {}) };
    const page = await ask('cloudwatch:GetMetricData', () => cloudWatch.send(new GetMetricDataCommand(input)));
    for (const { Id = '', Values = [] } of page.MetricDataResults ?? []) if (Values.length > 0) heard.add(Id);
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return instances.filter((_, i) => !heard.has(`m${i}`));
}

export const metrics: Check = {
  id: 'metrics',
  what: 'metrics',
  ask: async (subject) => {
    const all = await enrolled(subject);
    if (!all) return noTags;
    const instances = running(all);
    if (instances.length === 0) return ok('none: no opted-in instance is running');
    const silent: Instance[] = [];
    for (const part of chunksOf(instances, mostQueries)) silent.push(...(await silentOf(subject, part)));
    const isYoung = ({ LaunchTime }: Instance) =>
      LaunchTime !== undefined && subject.now.getTime() - LaunchTime.getTime() < lookBackMs;
    const young = idsOf(silent.filter(isYoung));
    const old = idsOf(silent.filter((one) => !isYoung(one)));
    if (old.length > 0)
      return fail(
        `no CPUUtilization for 20 minutes: ${some(old)}`,
        'look at the instance and its metrics in CloudWatch: without them no alarm fires and no score is made',
      );
    if (young.length > 0)
      return warn(`not yet, started minutes ago: ${some(young)}`, 'run the command again in 20 minutes');
    const detailed = instances.filter(({ Monitoring }) => Monitoring?.State === 'enabled').length;
    return ok(
      `${detailed} with detailed monitoring (each minute), ${instances.length - detailed} with basic (each five minutes)`,
    );
  },
};
