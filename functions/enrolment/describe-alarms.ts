import {
  type CompositeAlarm,
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandInput,
  type DescribeAlarmsCommandOutput,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import { chunksOf } from '../shared/chunks';
import { cloudWatch } from '../shared/clients/cloudwatch';
import { pause } from '../shared/clock';
import { type AlarmKind, alarmKinds, alarmNameOf, alarmPrefixes, playbooksOf } from './alarm-kinds';

/** Milliseconds between two pages: DescribeAlarms allows nine requests per second (CloudWatch service quotas). */
const pageEveryMs = 200;

/** The maximum number of names in a DescribeAlarms call. Source: CloudWatch API reference, DescribeAlarms. */
const namesACall = 100;

/** The alarms that enrolment created for some instances; missing ones are left out. */
export async function describeAlarmsOf(
  instanceIds: readonly string[],
  stage: string,
  kinds: readonly AlarmKind[] = alarmKinds,
): Promise<MetricAlarm[]> {
  const named = kinds.flatMap((kind) => playbooksOf(kind).map((playbook) => ({ ...kind, playbook })));
  return describeNamed(instanceIds.flatMap((instanceId) => named.map((kind) => alarmNameOf(kind, stage, instanceId))));
}

/** Alarms by their names; missing ones are left out. */
export async function describeNamed(names: readonly string[]): Promise<MetricAlarm[]> {
  const found: MetricAlarm[] = [];
  for (const AlarmNames of chunksOf(names, namesACall)) {
    const page = await cloudWatch.send(
      new DescribeAlarmsCommand({ AlarmNames, AlarmTypes: ['MetricAlarm'], MaxRecords: namesACall }),
    );
    found.push(...(page.MetricAlarms ?? []));
  }
  return found;
}

/** All metric alarms of the stage that start playbooks on instances, whoever created them. */
export async function describeStageAlarms(stage: string): Promise<MetricAlarm[]> {
  const found: MetricAlarm[] = [];
  for await (const page of pagesOf(stage, { AlarmTypes: ['MetricAlarm'] })) found.push(...(page.MetricAlarms ?? []));
  return found;
}

/** Those of them, and composite ones, that are in ALARM now. */
export async function describeStandingAlarms(stage: string): Promise<(MetricAlarm | CompositeAlarm)[]> {
  const found: (MetricAlarm | CompositeAlarm)[] = [];
  for await (const page of pagesOf(stage, { AlarmTypes: ['MetricAlarm', 'CompositeAlarm'], StateValue: 'ALARM' })) {
    found.push(...(page.MetricAlarms ?? []), ...(page.CompositeAlarms ?? []));
  }
  return found;
}

async function* pagesOf(
  stage: string,
  which: Pick<DescribeAlarmsCommandInput, 'AlarmTypes' | 'StateValue'>,
): AsyncGenerator<DescribeAlarmsCommandOutput> {
  for (const AlarmNamePrefix of alarmPrefixes(stage)) {
    let NextToken: string | undefined;
    do {
      const page: DescribeAlarmsCommandOutput = await cloudWatch.send(
        new DescribeAlarmsCommand({
          AlarmNamePrefix,
          ...which,
          MaxRecords: namesACall,
          ...(NextToken ? { NextToken } : {}),
        }),
      );
      yield page;
      NextToken = page.NextToken;
      if (NextToken) await pause(pageEveryMs);
    } while (NextToken);
  }
}
