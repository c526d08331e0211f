import { PlaybookError } from '../../functions/shared/errors';
import type { Resource } from '../references';
import { longestPattern } from './limits';
import { type ForwardedPattern, forwardedPatterns } from './patterns';
import { forwardRoleName, type Hub, hubAccount, tagsOf } from './roles-template';

/** A pattern of a rule would be longer than EventBridge takes. */
export class SpokePatternError extends PlaybookError {}

const own = [{ Ref: 'AWS::AccountId' }];

/**
 * The template of a spoke's rules, deployed in each region of the stage after the roles: they forward what the hub's rules
 * wait for to its bus of the same region, as it is. What cannot be delivered goes to a queue.
 * @throws SpokePatternError
 */
export function eventsTemplate({ stage, template }: Pick<Hub, 'stage' | 'template'>): object {
  const rules = forwardedPatterns(template.Resources).map(
    (pattern) => [ruleIdOf(pattern), ruleOf(pattern, stage)] as const,
  );
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `incident-playbooks ${stage}: forwards events of a spoke account to the hub (in each region)`,
    Parameters: { HubAccountId: hubAccount },
    Resources: {
      ...Object.fromEntries(rules),
      UndeliveredEvents: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          QueueName: `incident-playbooks-${stage}-spoke-undelivered`,
          SqsManagedSseEnabled: true,
          MessageRetentionPeriod: 1_209_600,
          Tags: tagsOf(stage),
        },
        DeletionPolicy: 'Delete',
        UpdateReplacePolicy: 'Delete',
      },
      UndeliveredEventsPolicy: queuePolicy(rules.map(([id]) => id)),
    },
  };
}

/** `aws.guardduty` is GuarddutyRule. */
const ruleIdOf = ({ source }: ForwardedPattern) => `${nameIn(source)[0]!.toUpperCase()}${nameIn(source).slice(1)}Rule`;
const nameIn = (source: string) => source.replace(/^aws\./, '');

/**
 * Only what happened in this account: an administrator of GuardDuty also has the findings of its members, whose own rules
 * forward them. A target bus has no input of its own, so the event arrives as it is.
 * Sources: EventBridge API reference, PutTargets; GuardDuty user guide, "Multiple accounts", events.
 */
function ruleOf({ source, detail, 'detail-type': types }: ForwardedPattern, stage: string): Resource {
  const ofMember = source === 'aws.guardduty' ? { accountId: own } : {};
  const narrowed = { ...detail, ...ofMember };
  const EventPattern = {
    source: [source],
    'detail-type': types,
    account: own,
    ...(Object.keys(narrowed).length > 0 ? { detail: narrowed } : {}),
  };
  const length = JSON.stringify(EventPattern).length;
  if (length > longestPattern)
    throw new SpokePatternError(
      `The pattern for ${source} has ${length} characters, and EventBridge takes ${longestPattern}.`,
    );
  return {
    Type: 'AWS::Events::Rule',
    Properties: {
      Name: `incident-playbooks-${stage}-spoke-${nameIn(source)}`,
      Description: `Forwards events of ${source} to the hub of incident-playbooks`,
      EventPattern,
      State: 'ENABLED',
      Targets: [
        {
          Id: 'hub',
          Arn: { 'Fn::Sub': 'arn:${AWS::Partition}:events:${AWS::Region}:${HubAccountId}:event-bus/default' },
          RoleArn: { 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/${forwardRoleName(stage)}` },
          DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['UndeliveredEvents', 'Arn'] } },
        },
      ],
    },
  };
}

function queuePolicy(ruleIds: string[]): Resource {
  const queue = { 'Fn::GetAtt': ['UndeliveredEvents', 'Arn'] };
  return {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [{ Ref: 'UndeliveredEvents' }],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'RulesMayLeaveWhatTheyCouldNotDeliver',
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource: queue,
            Condition: { ArnEquals: { 'aws:SourceArn': ruleIds.map((id) => ({ 'Fn::GetAtt': [id, 'Arn'] })) } },
          },
          {
            Sid: 'NothingInPlainText',
            Effect: 'Deny',
            Principal: '*',
            Action: 'sqs:*',
            Resource: queue,
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    },
  };
}
