import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { expiryOf } from '../record/store';
import { table } from '../shared/clients/dynamodb';
import { putIf, readItem, updateIf } from '../shared/clients/table';
import type { Config } from '../shared/config';
import { parseWith } from '../shared/parse';
import {
  AlreadyAnsweredError,
  AnotherQuestionError,
  type Answer,
  type Approval,
  approvalSchema,
  type Subject,
} from './approval';

const keyOf = (incidentId: string, subject: Subject) => ({ pk: `INCIDENT#${incidentId}`, sk: `APPROVAL#${subject}` });

/** A request of this release. */
export type Asked = Approval & Required<Pick<Approval, 'questionId' | 'executionId' | 'target' | 'hash' | 'token'>>;

/**
 * Stores a request with its token. A retry of the step brings a new token, which is added to the first one: a second
 * identical request can neither replace it nor end its wait.
 * @returns the stored request: this one, or that of an earlier attempt
 * @throws AnotherQuestionError if there is another request on the subject
 * @throws AlreadyAnsweredError if the request of an earlier attempt was answered or has expired
 */
export async function keepQuestion(question: Asked, config: Config): Promise<Approval> {
  const expiresAt = expiryOf(new Date(question.askedAt), config);
  const isKept = await putIf(
    {
      Item: { ...keyOf(question.incidentId, question.subject), ...question, expiresAt },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
    config,
  );
  return isKept ? question : joinQuestion(question, config);
}

/** More than a machine's attempts, but few enough to keep the item small. */
const mostTokens = 12;

async function joinQuestion(question: Asked, config: Config): Promise<Approval> {
  const { incidentId, subject, executionId, hash, token } = question;
  const standing = await readQuestion(incidentId, subject, config);
  if (standing?.executionId !== executionId || standing.hash !== hash)
    throw new AnotherQuestionError(`This incident already has another request for approval (${subject}).`);
  if (standing.token === token || standing.laterTokens?.includes(token)) return standing;
  const isKept = await move(incidentId, subject, config, {
    UpdateExpression: 'SET laterTokens = list_append(if_not_exists(laterTokens, :none), :token)',
    ConditionExpression: '#status = :open AND (attribute_not_exists(laterTokens) OR size(laterTokens) < :most)',
    ExpressionAttributeValues: { ':open': 'OPEN', ':none': [], ':token': [token], ':most': mostTokens },
  });
  if (!isKept) throw new AlreadyAnsweredError('The request for approval has already been answered.');
  return standing;
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

/** What becomes of a request with one more answer. */
export interface Answered {
  /** All answers, the new one last. */
  answers: readonly Answer[];
  /** The answer that now counts; undefined while more people have to say yes. */
  complete?: { answer: 'yes' | 'no'; answeredBy: string } | undefined;
}

/**
 * Adds an answer with a conditional write: the request is open, due later, and has the answers that were read.
 * @returns false if any of that is no longer true
 */
export async function keepAnswer(
  { incidentId, subject, answers = [] }: Approval,
  next: Answered,
  at: string,
  config: Config,
): Promise<boolean> {
  const { complete } = next;
  const isUnchanged = answers.length === 0 ? 'attribute_not_exists(answers)' : 'size(answers) = :known';
  const ends = ', #status = :delivering, answer = :answer, answeredBy = :by, answeredAt = :at';
  return move(incidentId, subject, config, {
    UpdateExpression: `SET answers = :answers${complete ? ends : ''}`,
    ConditionExpression: `#status = :open AND answerBy > :at AND ${isUnchanged}`,
    ExpressionAttributeValues: {
      ':open': 'OPEN',
      ':at': at,
      ':answers': next.answers,
      ...(answers.length > 0 ? { ':known': answers.length } : {}),
      ...(complete ? { ':delivering': 'DELIVERING', ':answer': complete.answer, ':by': complete.answeredBy } : {}),
    },
  });
}

/** Records that the waiting execution has the answer. */
export async function noteDelivered({ incidentId, subject }: Approval, config: Config): Promise<void> {
  await move(incidentId, subject, config, {
    UpdateExpression: 'SET #status = :answered REMOVE #token, laterTokens',
    ConditionExpression: '#status = :delivering',
    ExpressionAttributeValues: { ':answered': 'ANSWERED', ':delivering': 'DELIVERING' },
    withToken: true,
  });
}

/**
 * Expires a request that nobody answered, or whose answer came too late to be delivered. Its deadline must have passed,
 * and only the requesting execution may do it: nothing else closes a request early.
 * @returns false if there is nothing to expire, or not yet
 */
export async function noteExpired(
  { incidentId, executionId }: { incidentId: string; executionId: string },
  subject: Subject,
  now: Date,
  config: Config,
): Promise<boolean> {
  return move(incidentId, subject, config, {
    UpdateExpression: 'SET #status = :expired REMOVE #token, laterTokens',
    ConditionExpression: '(#status = :open OR #status = :delivering) AND executionId = :me AND answerBy <= :now',
    ExpressionAttributeValues: {
      ':expired': 'EXPIRED',
      ':open': 'OPEN',
      ':delivering': 'DELIVERING',
      ':me': executionId,
      ':now': now.toISOString(),
    },
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
