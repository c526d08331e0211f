import {
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  type MetricAlarm,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import { type Instance, paginateDescribeInstances } from '@aws-sdk/client-ec2';
import { DescribeInstanceInformationCommand } from '@aws-sdk/client-ssm';
import { alarmKinds, alarmNameOf } from '../../functions/enrolment/alarm-kinds';
import { isEnrolled } from '../../functions/enrolment/desired';
import { toTags, whyProtected } from '../../functions/guard/tags';
import { chunksOf } from '../../functions/shared/chunks';
import { ask } from './ask';
import { arnIn, type Check, type Subject, tagsOf } from './check';
import { type Answer, fail, notAsked, ok, some, warn } from './line';

const noTags = notAsked('the opt-in tag is not known', 'fix the line "stage params" first');

/** Every instance that has the opt-in tag, whatever its value. */
async function tagged({ clients: { ec2 } }: Subject, tag: string): Promise<Instance[]> {
  return ask('ec2:DescribeInstances', async () => {
    const found: Instance[] = [];
    const input = { Filters: [{ Name: 'tag-key', Values: [tag] }] };
    for await (const { Reservations = [] } of paginateDescribeInstances({ client: ec2 }, input))
      found.push(...Reservations.flatMap(({ Instances = [] }) => Instances));
    return found.filter(({ State }) => State?.Name !== 'terminated' && State?.Name !== 'shutting-down');
  });
}

/** The instances that automation looks after; undefined where the tags are not known. */
async function enrolled(subject: Subject): Promise<Instance[] | undefined> {
  const tags = tagsOf(subject);
  if (!tags) return undefined;
  const candidate = ({ InstanceId = '', State, Tags }: Instance) => ({
    instanceId: InstanceId,
    state: State?.Name ?? '',
    tags: toTags(Tags),
  });
  return (await tagged(subject, tags.OPT_IN_TAG)).filter((one) => isEnrolled(candidate(one), tags));
}

const idsOf = (instances: readonly Instance[]) => instances.map(({ InstanceId = '' }) => InstanceId);
const running = (instances: readonly Instance[]) => instances.filter(({ State }) => State?.Name === 'running');

const optedIn: Check = {
  id: 'opted-in',
  what: 'opted-in instances',
  ask: async (subject) => {
    const tags = tagsOf(subject);
    const all = await enrolled(subject);
    if (!tags || !all) return noTags;
    const others = (await tagged(subject, tags.OPT_IN_TAG)).filter((one) => !idsOf(all).includes(one.InstanceId!));
    const isProtected = (one: Instance) => whyProtected(toTags(one.Tags), tags) !== undefined;
    const misspelt = idsOf(others.filter((one) => !isProtected(one)));
    const protects = idsOf(others.filter(isProtected));
    const tag = (id: string) => `aws ec2 create-tags --resources ${id} --tags Key=${tags.OPT_IN_TAG},Value=true`;
    if (misspelt.length > 0)
      return warn(
        `the tag ${tags.OPT_IN_TAG} of ${some(misspelt)} is not "true", so they are left alone`,
        tag(misspelt[0]!),
      );
    if (all.length === 0) return warn(`no instance has the tag ${tags.OPT_IN_TAG}=true`, tag('i-…'));
    const more = protects.length > 0 ? `; protected: ${some(protects)}` : '';
    return ok(`${all.length}: ${some(idsOf(all))}${more}`);
  },
};

/** Alarms by name; at most 100 a call. Source: CloudWatch API reference, DescribeAlarms. */
async function describe(
  { clients: { cloudWatch } }: Subject,
  names: readonly string[],
): Promise<Map<string, MetricAlarm>> {
  const found = new Map<string, MetricAlarm>();
  for (const AlarmNames of chunksOf(names, 100)) {
    const { MetricAlarms = [] } = await ask('cloudwatch:DescribeAlarms', () =>
      cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames, MaxRecords: 100 })),
    );
    for (const alarm of MetricAlarms) found.set(alarm.AlarmName ?? '', alarm);
  }
  return found;
}

const enrolment: Check = {
  id: 'enrolment',
  what: 'enrolled alarms',
  isOfStage: true,
  ask: async (subject): Promise<Answer> => {
    const instances = await enrolled(subject);
    if (!instances) return noTags;
    if (instances.length === 0) return ok('none: no instance is opted in');
    const names = idsOf(instances).flatMap((id) => alarmKinds.map((kind) => alarmNameOf(kind, subject.stage, id)));
    const alarms = await describe(subject, names);
    const missing = names.filter((name) => !alarms.has(name));
    const reconcile = `${arnIn(subject, 'states', 'stateMachine:*-reconcile-alarms')}:live`;
    if (missing.length > 0)
      return fail(
        `missing: ${some(missing, 3)}`,
        `aws stepfunctions start-execution --state-machine-arn ${reconcile} --input '{ "report": true }'`,
      );
    const disabled = names.filter((name) => alarms.get(name)?.ActionsEnabled === false);
    if (disabled.length > 0)
      return warn(
        `actions are disabled, which counts as maintenance: ${some(disabled, 3)}`,
        `aws cloudwatch enable-alarm-actions --alarm-names ${disabled.slice(0, 10).join(' ')}`,
      );
    return ok(`${names.length} alarms of ${instances.length} ${instances.length === 1 ? 'instance' : 'instances'}`);
  },
};

/** Basic monitoring sends one point each five minutes; a young instance may have none yet. */
const lookBackMs = 20 * 60_000;

const metrics: Check = {
  id: 'metrics',
  what: 'metrics',
  ask: async (subject) => {
    const all = await enrolled(subject);
    if (!all) return noTags;
    const instances = running(all);
    if (instances.length === 0) return ok('none: no opted-in instance is running');
    const { now, clients } = subject;
    const silent: Instance[] = [];
    for (const part of chunksOf(instances, 500)) {
      const queries: MetricDataQuery[] = part.map(({ InstanceId }, i) => ({
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
      }));
      const window = { StartTime: new Date(now.getTime() - lookBackMs), EndTime: now };
      const heard = new Set<string>();
      let NextToken: string | undefined;
      do {
        const input = { MetricDataQueries: queries, ...window, ...(NextToken ? { NextToken } : {}) };
        const page = await ask('cloudwatch:GetMetricData', () =>
          clients.cloudWatch.send(new GetMetricDataCommand(input)),
        );
        for (const { Id = '', Values = [] } of page.MetricDataResults ?? []) if (Values.length > 0) heard.add(Id);
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
      silent.push(...part.filter((_, i) => !heard.has(`m${i}`)));
    }
    const detailed = instances.filter(({ Monitoring }) => Monitoring?.State === 'enabled').length;
    const kinds = `${detailed} with detailed monitoring (each minute), ${instances.length - detailed} with basic (each five minutes)`;
    const isYoung = ({ LaunchTime }: Instance) =>
      LaunchTime !== undefined && now.getTime() - LaunchTime.getTime() < lookBackMs;
    const young = idsOf(silent.filter(isYoung));
    const old = idsOf(silent.filter((one) => !isYoung(one)));
    if (old.length > 0)
      return fail(
        `no CPUUtilization for 20 minutes: ${some(old)}`,
        'look at the instance and its metrics in CloudWatch: without them no alarm fires and no score is made',
      );
    if (young.length > 0)
      return warn(`not yet, started minutes ago: ${some(young)}`, 'run the command again in 20 minutes');
    return ok(kinds);
  },
};

/** The most instances in a filter. Source: Systems Manager API reference, InstanceInformationStringFilter. */
const mostInFilter = 50;

const systemsManager: Check = {
  id: 'systems-manager',
  what: 'Systems Manager',
  ask: async (subject) => {
    const all = await enrolled(subject);
    if (!all) return noTags;
    const ids = idsOf(running(all));
    if (ids.length === 0) return ok('none: no opted-in instance is running');
    const online = new Set<string>();
    for (const Values of chunksOf(ids, mostInFilter)) {
      const input = { Filters: [{ Key: 'InstanceIds', Values }], MaxResults: mostInFilter };
      const { InstanceInformationList = [] } = await ask('ssm:DescribeInstanceInformation', () =>
        subject.clients.ssm.send(new DescribeInstanceInformationCommand(input)),
      );
      for (const { InstanceId = '', PingStatus } of InstanceInformationList)
        if (PingStatus === 'Online') online.add(InstanceId);
    }
    const away = ids.filter((id) => !online.has(id));
    if (away.length === 0) return ok(`reaches all ${ids.length}`);
    return warn(
      `does not reach ${some(away)}: they cannot be patched`,
      'if they are to be patched: check the SSM Agent, the instance role (AmazonSSMManagedInstanceCore) and the endpoints',
    );
  },
};

export const fleetChecks: Check[] = [optedIn, enrolment, metrics, systemsManager];
