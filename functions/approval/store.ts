import { expiryOf } from '../record/store';
import { itemsIn, putIf, readItem, updateIf } from '../shared/clients/table';
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

/** Approvals have a partition of their own, which only the steps that ask, answer and expire them may write. */
const partitionOf = (incidentId: string) => `APPROVAL#${incidentId}`;
const formerPartitionOf = (incidentId: string) => `INCIDENT#${incidentId}`;

const keyOf = ({ incidentId, subject, isFormer }: Pick<Approval, 'incidentId' | 'subject' | 'isFormer'>) => ({
  pk: isFormer ? formerPartitionOf(incidentId) : partitionOf(incidentId),
  sk: `APPROVAL#${subject}`,
});

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
      Item: { ...keyOf(question), ...question, expiresAt },
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
  const isKept = await move(question, config, {
    UpdateExpression: 'SET laterTokens = list_append(if_not_exists(laterTokens, :none), :token)',
    ConditionExpression: '#status = :open AND (attribute_not_exists(laterTokens) OR size(laterTokens) < :most)',
    ExpressionAttributeValues: { ':open': 'OPEN', ':none': [], ':token': [token], ':most': mostTokens },
  });
  if (!isKept) throw new AlreadyAnsweredError('The request for approval has already been answered.');
  return standing;
}

/** The requests of an incident, newest first. */
export async function readQuestions(incidentId: string, config: Config): Promise<Approval[]> {
  const found = await questionsIn(partitionOf(incidentId), config);
  const former = await questionsIn(formerPartitionOf(incidentId), config);
  const others = former.filter(({ subject }) => !found.some((one) => one.subject === subject));
  return [...found, ...others.map((one) => ({ ...one, isFormer: true as const }))].sort((a, b) =>
    b.askedAt.localeCompare(a.askedAt),
  );
}

async function questionsIn(pk: string, config: Config): Promise<Approval[]> {
  const items = await itemsIn(pk, 'APPROVAL#', config);
  return items.map((item) => parseWith(approvalSchema, item, 'approval'));
}

/** A request as it stands now, also one of an earlier release. */
export async function readAgain(question: Approval, config: Config): Promise<Approval | undefined> {
  const item = await readItem(keyOf(question), config);
  return item && { ...parseWith(approvalSchema, item, 'approval'), isFormer: question.isFormer };
}

/** One request, if it exists in the partition of approvals: what stands anywhere else approves nothing. */
export async function readQuestion(
  incidentId: string,
  subject: Subject,
  config: Config,
): Promise<Approval | undefined> {
  const item = await readItem(keyOf({ incidentId, subject }), config);
  return item && parseWith(approvalSchema, item, 'approval');
}

/** The answer that counts, once it is complete. */
export interface Complete {
  answer: 'yes' | 'no';
  answeredBy: string;
  answeredAt: string;
  /** Everyone's answers, the new one last. */
  answers?: readonly Answer[];
}

/**
 * Saves the answer that counts with a conditional write; it may be repeated until it is delivered.
 * @returns false if the request is answered, expired or past its deadline, or has other answers than were read
 */
export async function keepAnswer(question: Approval, complete: Complete, config: Config): Promise<boolean> {
  const { answer, answeredBy, answeredAt, answers } = complete;
  const known = asRead(question, answers);
  return move(question, config, {
    UpdateExpression: `SET #status = :delivering, answer = :answer, answeredBy = :by, answeredAt = :at${known.set}`,
    ConditionExpression: `(#status = :open AND answerBy > :at${known.condition}) OR (#status = :delivering AND answer = :answer AND answeredBy = :by)`,
    ExpressionAttributeValues: {
      ':open': 'OPEN',
      ':delivering': 'DELIVERING',
      ':answer': answer,
      ':by': answeredBy,
      ':at': answeredAt,
      ...known.values,
    },
  });
}

/**
 * Adds a yes to a request that needs more of them: it stays open.
 * @returns false if the request is answered, expired or past its deadline, or has other answers than were read
 */
export async function keepYes(question: Approval, answers: readonly Answer[], config: Config): Promise<boolean> {
  const known = asRead(question, answers);
  return move(question, config, {
    UpdateExpression: known.set.replace(',', 'SET'),
    ConditionExpression: `#status = :open AND answerBy > :at${known.condition}`,
    ExpressionAttributeValues: { ':open': 'OPEN', ':at': answers.at(-1)?.at, ...known.values },
  });
}

/** Writes answers only where the request still has those that were read: two people may answer at the same time. */
function asRead({ answers: before = [] }: Approval, answers: readonly Answer[] | undefined) {
  if (!answers) return { set: '', condition: '', values: {} };
  const isFirst = before.length === 0;
  return {
    set: ', answers = :answers',
    condition: isFirst ? ' AND attribute_not_exists(answers)' : ' AND size(answers) = :known',
    values: { ':answers': answers, ...(isFirst ? {} : { ':known': before.length }) },
  };
}

/** Records that the waiting execution has the answer. */
export async function noteDelivered(question: Approval, config: Config): Promise<void> {
  await move(question, config, {
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
  return move({ incidentId, subject }, config, {
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

/** Closes a request whose execution has ended without an answer: nobody waits for it any more. */
export async function noteDead(question: Moved, config: Config): Promise<void> {
  await move(question, config, {
    UpdateExpression: 'SET #status = :expired REMOVE #token, laterTokens',
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

type Moved = Pick<Approval, 'incidentId' | 'subject' | 'isFormer'>;

async function move(question: Moved, config: Config, { withToken, ...update }: Move) {
  const ExpressionAttributeNames = { '#status': 'status', ...(withToken ? { '#token': 'token' } : {}) };
  const Key = keyOf(question);
  return (await updateIf({ Key, ExpressionAttributeNames, ...update }, config)) !== undefined;
}
