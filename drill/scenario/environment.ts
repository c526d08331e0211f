import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { killSwitchKey } from '../../functions/guard/kill-switch-key';
import type { Stack } from '../stack/stack';
import { later } from '../time/later';
import type { Scenario } from './schema';
import { writeLog } from './write-log';

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
  plantElsewhere(account, stack);
  for (const event of account.healthEvents) tellOf(event, stack);
  for (const group of account.logGroups) writeLog(group, stack);
  if (account.killSwitch) switchOff(account.killSwitch, stack);
  for (const id of instanceIds) for (let n = 0; n < account.openSessions; n += 1) cloud.ssm.openSession(id);
  if (!account.managed) return;
  for (const id of instanceIds) cloud.ssm.manage(id, { missing: account.missingPatches, ends: account.patching });
}

/** Plants what Auto Scaling, CodeDeploy and Systems Manager did to the first instance. */
function plantElsewhere({ activities, deployments, commands }: Scenario['account'], { cloud, instanceIds }: Stack) {
  const [instanceId = ''] = instanceIds;
  const at = (minute: number) => Date.now() + minute * 60_000;
  const [group = ''] = [...cloud.autoScaling.groups].find(([, { members }]) => members.has(instanceId)) ?? [];
  for (const { minute, description } of activities) {
    const words = { description: description.replace('{instance}', instanceId), cause: 'A drill.' };
    cloud.autoScaling.activities.note({ group, at: at(minute), ...words, status: 'Successful' });
  }
  for (const [index, { minute, elsewhere, ...deployment }] of deployments.entries()) {
    const targets = { instanceIds: elsewhere ? [] : [instanceId] };
    cloud.codeDeploy.plant({ id: `d-DRILL000${index}`, at: at(minute), ...deployment, ...targets });
  }
  for (const { minute, document, parameter } of commands)
    cloud.ssm.plant({ instanceId, at: at(minute), document, parameters: { commands: [parameter] } });
}

/** Lets AWS Health tell of an event, and later that it is closed. */
function tellOf(event: Scenario['account']['healthEvents'][number], { cloud, instanceIds }: Stack): void {
  const { minute, code, service, category, scope, entities, endsMinute, closedMinute } = event;
  const begin = Date.now();
  const at = (minutes: number) => begin + minutes * 60_000;
  const volume = cloud.ec2.find(instanceIds[0]!)?.volumes[0]?.volumeId ?? '';
  const named = entities.map((one) => one.replace('{instance}', instanceIds[0]!).replace('{volume}', volume));
  const news = { code, service, category, scope, entities: named, startsAt: at(minute) };
  const subject = cloud.health.begin(news);
  const endsAt = endsMinute === undefined ? undefined : at(endsMinute);
  later(minute * 60_000, () => cloud.health.tell(subject, { ...news, status: 'open', endsAt }));
  if (closedMinute === undefined) return;
  const end = { ...news, status: 'closed', endsAt: at(closedMinute) };
  later(closedMinute * 60_000, () => cloud.health.tell(subject, end));
}

/** Plants a management event in CloudTrail, at its minute from now; a trail may deliver it to a log group. */
function plant(change: Scenario['account']['changes'][number], { cloud, instanceIds }: Stack): void {
  const { minute, eventName, resource, by, from, readOnly, errorCode, cidr, port, delayMinutes } = change;
  const { identity, accessKeyId, source, parameters, logGroup } = change;
  const group = cloud.ec2.find(instanceIds[0]!)?.interfaces[0]?.securityGroups[0] ?? '';
  const rule = { ipProtocol: 'tcp', fromPort: port, toPort: port, ipRanges: { items: [{ cidrIp: cidr }] } };
  const ofRule = cidr ? { groupId: group, ipPermissions: { items: [rule] } } : undefined;
  const at = Date.now() + minute * 60_000;
  const delayMs = delayMinutes * 60_000;
  const message = cloud.cloudTrail.plant({
    at,
    eventName,
    eventSource: source,
    resource: resource.replace('{instance}', instanceIds[0]!).replace('{group}', group),
    userArn: by,
    identity,
    accessKeyId,
    from,
    readOnly,
    errorCode,
    requestParameters: parameters ?? ofRule,
    delayMs,
  });
  if (logGroup) cloud.logs.groups.write(logGroup, { at, message, stream: 'trail', delayMs });
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
