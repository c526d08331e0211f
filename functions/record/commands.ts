import type { Code } from './codes';

/** What a command may name. None of it is a text from outside: each is an ID or was checked at the edge. */
export interface CommandFacts {
  incidentId: string;
  stage: string;
  region: string;
  executionId: string;
  instanceId?: string | undefined;
}

const look = 'aws ec2 describe-instance-status --include-all-instances --instance-ids {instance} --region {region}';
const start = 'aws ec2 start-instances --instance-ids {instance} --region {region}';
const alarms = 'aws cloudwatch describe-alarms --state-value ALARM --region {region}';
const execution = 'aws stepfunctions describe-execution --execution-arn {execution} --region {region}';
const history =
  'aws cloudtrail lookup-events --lookup-attributes AttributeKey=ResourceName,AttributeValue={instance} --region {region}';
const agent = 'aws ssm describe-instance-information --filters Key=InstanceIds,Values={instance} --region {region}';
const patching = 'aws ssm list-command-invocations --details --instance-id {instance} --region {region}';
const again = 'npm run incidents -- {incident} --stage {stage}';

/** The first command for a person at each code, where the record alone does not say enough. */
const commands: Partial<Record<Code, string>> = {
  // Restarting
  'stop-hangs': 'aws ec2 stop-instances --force --instance-ids {instance} --region {region}',
  'still-stopping': `aws ec2 wait instance-stopped --instance-ids {instance} --region {region} && ${start}`,
  'did-not-start': start,
  'insufficient-capacity': start,
  'left-stopped': start,
  'unhealthy-after-start': 'aws ec2 get-console-output --output text --instance-id {instance} --region {region}',
  'worse-after-action': look,
  'incorrect-instance-state': look,
  'service-unavailable': look,
  throttled: look,
  'execution-failed': look,
  'execution-timed-out': look,
  'execution-aborted': look,
  'score-escalates': look,
  'score-unknown': look,
  'ladder-end': look,
  'breaker-open': alarms,
  storm: alarms,
  'other-alarms': alarms,
  'still-in-alarm': alarms,
  'no-data-after-action': alarms,
  'alarm-unknown': alarms,
  'instance-gone': history,
  'mark-not-confirmed': history,
  'changed-since': history,
  'not-its-groups': history,
  'not-its-profile': history,
  'not-its-interface': history,

  // Blocks and patches
  'network-acl-full': 'aws ec2 describe-network-acls --region {region}',
  'not-managed': agent,
  'patch-command-failed': patching,
  'patch-times-out': patching,
  'patches-left': patching,

  // Executions
  'states-timeout': execution,
  'states-task-failed': execution,
  'states-runtime': execution,
  'states-data-limit-exceeded': execution,
};

/** The command of a code before it names anything; for most it shows the incident with its timeline. */
export const commandOf = (code: Code | undefined): string => (code === undefined ? again : (commands[code] ?? again));

/**
 * The first command for a person, ready to copy. Where the incident has no instance or no execution to name, it shows the
 * incident. Pure.
 */
export function commandFor(code: Code | undefined, facts: CommandFacts): string {
  const values: Record<string, string | undefined> = {
    incident: facts.incidentId,
    stage: facts.stage,
    region: facts.region,
    execution: facts.executionId.includes(':states:') ? facts.executionId : undefined,
    instance: facts.instanceId,
  };
  const fill = (command: string) => {
    const names = [...command.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    if (names.some((name) => values[name] === undefined)) return undefined;
    return command.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
  };
  return fill(commandOf(code)) ?? fill(again) ?? again;
}
