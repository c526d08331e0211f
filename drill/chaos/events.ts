import { account, region } from '../stack/place';
import type { Random } from './random';

const envelope = {
  version: '0',
  account,
  region,
  time: '2026-03-02T09:00:00Z',
  resources: [],
};

/**
 * A GuardDuty finding: the instance talks to a command and control server.
 * Source: GuardDuty user guide, "Processing findings with Amazon EventBridge".
 */
export function threat(n: number, instanceId: string): Record<string, unknown> {
  return finding(n, instanceId, 'Backdoor:EC2/C&CActivity.B', 8, 'ACTOR', '198.51.100.23');
}

/** The same of somebody who guesses passwords. */
export function bruteForce(n: number, instanceId: string, address: string): Record<string, unknown> {
  return finding(n, instanceId, 'UnauthorizedAccess:EC2/SSHBruteForce', 2, 'TARGET', address);
}

function finding(
  n: number,
  instanceId: string,
  type: string,
  severity: number,
  resourceRole: string,
  ipAddressV4: string,
): Record<string, unknown> {
  return {
    ...envelope,
    id: `finding-${n}`,
    'detail-type': 'GuardDuty Finding',
    source: 'aws.guardduty',
    detail: {
      accountId: account,
      region,
      type,
      severity,
      arn: `arn:aws:guardduty:${region}:${account}:detector/d/finding/${n}`,
      title: 'An instance is suspicious.',
      updatedAt: '2026-03-02T08:58:00.000Z',
      resource: { resourceType: 'Instance', instanceDetails: { instanceId } },
      service: {
        resourceRole,
        action: { actionType: 'NETWORK_CONNECTION', networkConnectionAction: { remoteIpDetails: { ipAddressV4 } } },
        additionalInfo: {},
        archived: false,
      },
    },
  };
}

/** An alarm event about an instance that does not exist, as anyone with PutMetricAlarm can provoke it. */
export function strangersAlarm(n: number, random: Random): Record<string, unknown> {
  const alarmName = `restart-instance-dev-stranger-${n}`;
  const InstanceId = `i-${Math.floor(random() * 2 ** 32)
    .toString(16)
    .padStart(17, '0')}`;
  const metric = { namespace: 'Stranger', name: 'X', dimensions: { InstanceId } };
  const timestamp = `2026-03-02T09:00:${String(n % 60).padStart(2, '0')}.000+0000`;
  return {
    ...envelope,
    id: `stranger-${n}`,
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    resources: [`arn:aws:cloudwatch:${region}:${account}:alarm:${alarmName}`],
    detail: {
      alarmName,
      state: { value: 'ALARM', reason: 'x', timestamp },
      previousState: { value: 'OK' },
      configuration: { metrics: [{ id: 'm', metricStat: { metric, period: 10, stat: 'Maximum' }, returnData: true }] },
    },
  };
}
