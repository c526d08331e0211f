import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { killSwitchKey } from '../../functions/guard/kill-switch-key';
import type { Stack } from '../stack/stack';
import type { Scenario } from './schema';

const lookEveryMs = 1000;

/** Adds the rest of the scenario's account. */
export function applyAccount({ account }: Pick<Scenario, 'account'>, stack: Stack): void {
  const { cloud, instanceIds } = stack;
  for (const arn of account.targetGroups) cloud.loadBalancing.put(arn, instanceIds[0]!);
  cloud.loadBalancing.others = account.otherMembers;
  cloud.autoScaling.others = account.otherMembers;
  for (const [arn, state] of Object.entries(account.keys)) cloud.kms.setState(arn, state);
  for (const group of cloud.autoScaling.groups.values())
    group.minimum = Math.max(0, group.desired - account.scalingSpare);
  for (const change of account.changes) plant(change, stack);
  if (account.killSwitch) switchOff(account.killSwitch, stack);
  for (const id of instanceIds) for (let n = 0; n < account.openSessions; n += 1) cloud.ssm.openSession(id);
  if (!account.managed) return;
  for (const id of instanceIds) cloud.ssm.manage(id, { missing: account.missingPatches, ends: account.patching });
}

/** Plants a management event in CloudTrail, at its minute from now. */
function plant(change: Scenario['account']['changes'][number], { cloud, instanceIds }: Stack): void {
  const { minute, eventName, resource, by, from, readOnly, errorCode, cidr, port, delayMinutes } = change;
  const group = cloud.ec2.find(instanceIds[0]!)?.interfaces[0]?.securityGroups[0] ?? '';
  const rule = { ipProtocol: 'tcp', fromPort: port, toPort: port, ipRanges: { items: [{ cidrIp: cidr }] } };
  cloud.cloudTrail.plant({
    at: Date.now() + minute * 60_000,
    eventName,
    eventSource: 'ec2.amazonaws.com',
    resource: resource.replace('{instance}', instanceIds[0]!).replace('{group}', group),
    userArn: by,
    from,
    readOnly,
    errorCode,
    ...(cidr ? { requestParameters: { groupId: group, ipPermissions: { items: [rule] } } } : {}),
    delayMs: delayMinutes * 60_000,
  });
}

type KillSwitch = NonNullable<Scenario['account']['killSwitch']>;

/** Turns the kill switch on as an operator would: at once, or after a command's first change. */
function switchOff({ by, reason, afterCommand }: KillSwitch, { cloud, dynamoDb, variables }: Stack): void {
  const put = () => {
    const Item = { ...killSwitchKey, on: true, by, reason, at: new Date().toISOString() };
    return DynamoDBDocumentClient.from(dynamoDb).send(new PutCommand({ TableName: variables.TABLE_NAME, Item }));
  };
  const isDue = () => afterCommand === undefined || cloud.ledger.calls(afterCommand).some(({ effective }) => effective);
  const look = () => void (isDue() ? put() : setTimeout(look, lookEveryMs));
  look();
}
