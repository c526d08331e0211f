import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { expiryOf } from '../record/store';
import { table } from '../shared/clients/dynamodb';
import { putIf, readItem, updateIf } from '../shared/clients/table';
import type { Config } from '../shared/config';
import { parseWith } from '../shared/parse';
import { AlreadyAnsweredError, type Approval, approvalSchema, type Subject } from './approval';

const keyOf = (incidentId: string, subject: Subject) => ({ pk: `INCIDENT#${incidentId}`, sk: `APPROVAL#${subject}` });

/**
 * Stores a request with its token. A retry of the step brings a new token, which replaces the old one.
 * @throws AlreadyAnsweredError if the request of an earlier attempt was answered or has expired
 */
export async function keepQuestion(approval: Approval, config: Config): Promise<void> {
  const expiresAt = expiryOf(new Date(approval.askedAt), config);
  const isKept = await putIf(
    {
      Item: { ...keyOf(approval.incidentId, approval.subject), ...approval, expiresAt },
      ConditionExpression: 'attribute_not_exists(pk) OR #status = :open',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':open': 'OPEN' },
    },
    config,
  );
  if (!isKept) throw new AlreadyAnsweredError('The request for approval has already been answered.');
}

/** The requests of an incident, newest first. */
export async function readQuestions(incidentId: string, config: Config): Promise<Approval[]> {
  const { Items } = await table.send(
    new QueryCommand({
      TableName: config.TABLE_NAME,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :approval)',
      ExpressionAttributeValues: { ':pk': `INCIDENT#${incidentId}`, ':approval': 'APPROVAL#' },
      ConsistentRead: true,
    }),
  );
  const found = (Items ?? []).map((item) => parseWith(approvalSchema, item, 'approval'));
  return found.sort((a, b) => b.askedAt.localeCompare(a.askedAt));
}

/** One request, if it exists. */
export async function readQuestion(
  incidentId: string,
  subject: Subject,
  config: Config,
): Promise<Approval | undefined> {
  const item = await readItem(keyOf(incidentId, subject), config);
  return item && parseWith(approvalSchema, item, 'approval');
}

export interface Answer {
  answer: 'yes' | 'no';
  answeredBy: string;
  answeredAt: string;
}

/**
 * Saves the one answer with a conditional write; the same person may repeat the same answer until it is delivered.
 * @returns false if the request is answered, expired, or past its deadline
 */
export async function keepAnswer({ incidentId, subject }: Approval, answer: Answer, config: Config): Promise<boolean> {
  return move(incidentId, subject, config, {
    UpdateExpression: 'SET #status = :delivering, answer = :answer, answeredBy = :by, answeredAt = :at',
    ConditionExpression:
      '(#status = :open AND answerBy > :at) OR (#status = :delivering AND answer = :answer AND answeredBy = :by)',
    ExpressionAttributeValues: {
      ':open': 'OPEN',
      ':delivering': 'DELIVERING',
      ':answer': answer.answer,
      ':by': answer.answeredBy,
      ':at': answer.answeredAt,
    },
  });
}

/** Records that the waiting execution has the answer. */
export async function noteDelivered({ incidentId, subject }: Approval, config: Config): Promise<void> {
  await move(incidentId, subject, config, {
    UpdateExpression: 'SET #status = :answered REMOVE #token',
    ConditionExpression: '#status = :delivering',
    ExpressionAttributeValues: { ':answered': 'ANSWERED', ':delivering': 'DELIVERING' },
    withToken: true,
  });
}

/** Expires a request that nobody answered, or whose answer came too late to be delivered. */
export async function noteExpired(incidentId: string, subject: Subject, config: Config): Promise<void> {
  await move(incidentId, subject, config, {
    UpdateExpression: 'SET #status = :expired REMOVE #token',
    ConditionExpression: '#status = :open OR #status = :delivering',
    ExpressionAttributeValues: { ':expired': 'EXPIRED', ':open': 'OPEN', ':delivering': 'DELIVERING' },
    withToken: true,
  });
}

interface Move {
  UpdateExpression: string;
  ConditionExpression: string;
  ExpressionAttributeValues: Record<string, unknown>;
  withToken?: boolean;
}

async function move(incidentId: string, subject: Subject, config: Config, { withToken, ...update }: Move) {
  const ExpressionAttributeNames = { '#status': 'status', ...(withToken ? { '#token': 'token' } : {}) };
  const Key = keyOf(incidentId, subject);
  return (await updateIf({ Key, ExpressionAttributeNames, ...update }, config)) !== undefined;
}
