import { type Notice, plain, toNotice } from '../notice/message';
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
  /** The anomaly score's explanation or GuardDuty's severity, if any. */
  score?: string | undefined;
  answerBy: string;
  answerFunction: string;
}

/** Builds the notice that requests approval. */
export function buildQuestion(question: Question): Notice {
  const { incidentId, playbook, stage, region, drill, mode, what, why, score, answerBy } = question;
  const prefix = drill ? '[DRILL] ' : '';
  const { questionId } = question;
  const payload = JSON.stringify({
    incidentId,
    questionId,
    subject: question.subject,
    answer: 'yes',
    answeredBy: 'your name',
  });
  const named = questionId ? ` --question ${questionId}` : '';
  const lines = [
    what,
    '',
    `Reason: ${why}`,
    `Score: ${score ?? 'none'}`,
    `Stage: ${stage}${mode === 'observe' ? ' (observe: even a yes changes nothing)' : ''}`,
    `Answer by ${answerBy}; no answer means no.`,
    '',
    ...(questionId ? [`Request: ${questionId}`] : []),
    `Yes: npm run approve -- ${incidentId} --yes --stage ${stage}${named}`,
    `No:  npm run approve -- ${incidentId} --no --stage ${stage}${named}`,
    '',
    'Or, with "yes" or "no" as the answer:',
    `aws lambda invoke --region ${region} --function-name ${question.answerFunction} --cli-binary-format raw-in-base64-out --payload '${payload}' /dev/stdout`,
  ];
  return toNotice({
    thread: incidentId,
    id: `${incidentId}-${question.subject}`,
    title: `${prefix}Approve ${question.subject}? ${playbook} ${incidentId}`,
    mark: '❓',
    text: lines.join('\n'),
    markdown: plain(lines.join('\n')),
    severity: 'page',
    nextSteps: ['Answer yes or no before the deadline'],
    keywords: [playbook, stage, 'APPROVAL'],
    eventType: 'APPROVAL',
    relatedResources: [],
  });
}
