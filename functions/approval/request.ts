import { type Notice, plainLines, toNotice } from '../notice/message';
import { oneLine } from '../shared/plain-text';
import type { Subject } from './approval';

/** What a person needs to decide, and how to answer. Never the token. */
export interface Question {
  incidentId: string;
  playbook: string;
  stage: string;
  region: string;
  subject: Subject;
  /** Missing from requests of earlier releases. */
  questionId?: string | undefined;
  drill: boolean;
  mode: 'observe' | 'act';
  /** What will be done, and to what. */
  what: string;
  /** What started it. */
  why: string;
  /** The anomaly score's explanation, GuardDuty's severity, or how often a log names the sources, if any. */
  score?: string | undefined;
  answerBy: string;
  /** How many people have to say yes; one unless given. */
  needed?: number | undefined;
  /** Who started the playbook manually. */
  requestedBy?: string | undefined;
  /** The function whose URL takes answers. */
  answerFunction: string;
}

/** Builds the notice that requests approval. */
export function buildQuestion(question: Question): Notice {
  const { incidentId, playbook, stage, region, drill, mode, what, why, score, answerBy } = question;
  const prefix = drill ? '[DRILL] ' : '';
  const { questionId, needed = 1 } = question;
  const payload = JSON.stringify({ incidentId, questionId, subject: question.subject, answer: 'yes' });
  const named = questionId ? ` --question ${questionId}` : '';
  const lines = [
    oneLine(what),
    '',
    `Reason: ${oneLine(why)}`,
    `Score: ${oneLine(score ?? 'none')}`,
    `Stage: ${stage}${mode === 'observe' ? ' (observe: even a yes changes nothing)' : ''}`,
    `Answer by ${answerBy}; no answer means no.`,
    ...(needed > 1 ? [`It takes a yes of ${needed} different people; a single no ends it.`] : []),
    '',
    ...(questionId ? [`Request: ${questionId}`] : []),
    `Yes: npm run approve -- ${incidentId} --yes --stage ${stage}${named}`,
    `No:  npm run approve -- ${incidentId} --no --stage ${stage}${named}`,
    '',
    'Or, with "yes" or "no" as the answer, signed with the credentials of your own session:',
    `curl --aws-sigv4 aws:amz:${region}:lambda --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" -H "x-amz-security-token: $AWS_SESSION_TOKEN" -H 'content-type: application/json' --data '${payload}' "$(aws lambda get-function-url-config --region ${region} --function-name ${question.answerFunction} --query FunctionUrl --output text)"`,
  ];
  return toNotice({
    thread: incidentId,
    id: `${incidentId}-${question.subject}`,
    title: `${prefix}Approve ${question.subject}? ${playbook} ${incidentId}`,
    mark: '❓',
    text: lines.join('\n'),
    markdown: plainLines(lines),
    severity: 'page',
    nextSteps: ['Answer yes or no before the deadline'],
    keywords: [playbook, stage, 'APPROVAL'],
    eventType: 'APPROVAL',
    relatedResources: [],
    ...(questionId ? { context: contextOf({ ...question, questionId, needed }) } : {}),
  });
}

/** What decides whether the answer is taken from chat, and which request it is for. */
const contextOf = (asked: {
  questionId: string;
  playbook: string;
  needed: number;
  requestedBy?: string | undefined;
}) => ({
  question: asked.questionId,
  playbook: asked.playbook,
  needed: String(asked.needed),
  ...(asked.requestedBy ? { requestedBy: oneLine(asked.requestedBy) } : {}),
});
