import { quarantineTag } from '../../functions/guard/tags';

/** Instances with the quarantine tag, in the account of the caller's credentials. */
export async function readIsolated(): Promise<{ instanceId: string; by: string }[]> {
  const { EC2Client, paginateDescribeInstances } = await import('@aws-sdk/client-ec2');
  const found: { instanceId: string; by: string }[] = [];
  const input = { Filters: [{ Name: 'tag-key', Values: [quarantineTag] }] };
  for await (const { Reservations = [] } of paginateDescribeInstances({ client: new EC2Client({}) }, input))
    for (const { InstanceId = '', Tags = [] } of Reservations.flatMap(({ Instances = [] }) => Instances))
      found.push({ instanceId: InstanceId, by: Tags.find(({ Key }) => Key === quarantineTag)?.Value ?? '' });
  return found;
}

/** Alarms on the automation itself that are in ALARM. */
export async function readAlarms(stage: string): Promise<string[]> {
  const { CloudWatchClient, paginateDescribeAlarms } = await import('@aws-sdk/client-cloudwatch');
  const names: string[] = [];
  const input = { AlarmNamePrefix: `incident-playbooks-${stage}-`, StateValue: 'ALARM' as const };
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client: new CloudWatchClient({}) }, input))
    names.push(...MetricAlarms.map(({ AlarmName = '' }) => AlarmName));
  return names;
}
