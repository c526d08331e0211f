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
export const pageEveryMs = 200;

/** The maximum number of names in a DescribeAlarms call. Source: CloudWatch API reference, DescribeAlarms. */
export const namesACall = 100;

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

/** Where in the stage's alarms a page begins: how many prefixes of names come before it, and its token. */
export interface AlarmPage {
  prefixes: number;
  token?: string | undefined;
}

/**
 * A page of the metric alarms of the stage that start playbooks on instances, whoever created them, and where the next one
 * begins; none at the end. A token that CloudWatch no longer knows begins at the first page.
 */
export async function describeStagePage(
  stage: string,
  { prefixes, token }: AlarmPage,
): Promise<{ alarms: MetricAlarm[]; next?: AlarmPage }> {
  const all = alarmPrefixes(stage);
  const page = await readPage(all[prefixes]!, token);
  if (!page) return { alarms: [], next: { prefixes: 0 } };
  const { MetricAlarms: alarms = [], NextToken } = page;
  if (NextToken) return { alarms, next: { prefixes, token: NextToken } };
  return prefixes + 1 < all.length ? { alarms, next: { prefixes: prefixes + 1 } } : { alarms };
}

async function readPage(AlarmNamePrefix: string, token: string | undefined) {
  try {
    const which = { AlarmNamePrefix, AlarmTypes: ['MetricAlarm' as const], MaxRecords: namesACall };
    return await cloudWatch.send(new DescribeAlarmsCommand({ ...which, ...(token ? { NextToken: token } : {}) }));
  } catch (error) {
    // Source: CloudWatch API reference, DescribeAlarms, "Errors".
    if (token && error instanceof Error && error.name === 'InvalidNextToken') return undefined;
    throw error;
  }
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
