import type { TimelineEntry } from '../record/incident';
import { endsWell, type Outcome, outcomeTable, type Severity, severityOf } from '../record/outcomes';
import { asciiOf, subjectOf } from './subject';

/** The content of a notice: the closed record and its timeline. */
export interface NoticeFacts {
  incidentId: string;
  playbook: string;
  stage: string;
  region: string;
  executionId: string;
  outcome: Outcome;
  reason: string;
  drill: boolean;
  instanceId?: string | undefined;
  alarmName?: string | undefined;
  /** What started it: alarm, finding, manual, schedule or storm; undefined if there is no record. */
  trigger?: string | undefined;
  findingTitle?: string | undefined;
  /** The target if it is not an instance, for example a blocked CIDR. */
  target?: string | undefined;
  notes: readonly string[];
  timeline: readonly Pick<TimelineEntry, 'at' | 'what'>[];
}

/** The message for SNS: subject, text for people, and the chat form for Amazon Q's https endpoint. */
export interface Notice {
  subject: string;
  text: string;
  chat: string;
  /** Sent as a message attribute, so that a subscription can filter on it. */
  severity: Severity;
}

/** The execution's page in the Step Functions console. */
export function consoleLink(executionArn: string, region: string): string {
  return `https://${region}.console.aws.amazon.com/states/home?region=${region}#/v2/executions/details/${executionArn}`;
}

/** The command that creates the report of an execution from its history, in a checkout of this project. */
export function reportCommand({ executionId, region, incidentId }: NoticeFacts): string {
  const file = `${incidentId}.json`;
  const read = `aws stepfunctions get-execution-history --region ${region} --execution-arn ${executionId} --output json`;
  return `${read} > ${file} && npm run drill -- --history ${file} --report reports`;
}

/**
 * Builds the notice of an ended incident. The chat form is Amazon Q Developer's custom notification, version 1.0,
 * which its Slack and Teams clients show (source: Amazon Q Developer in chat applications, "Custom notifications").
 */
export function buildNotice(facts: NoticeFacts): Notice {
  const target = facts.target ?? facts.instanceId ?? facts.alarmName ?? (facts.trigger === 'storm' ? 'storm' : 'run');
  const title = subjectOf(facts, target);
  const lines = facts.timeline.map(({ at, what }) => `${at.slice(11, 19)} UTC  ${what}`);
  const link = consoleLink(facts.executionId, facts.region);
  const about = aboutOf(facts);
  const text = [
    facts.reason,
    '',
    ...about,
    `Stage: ${facts.stage}`,
    `Severity: ${severityOf(facts.outcome)}`,
    ...facts.notes,
    '',
    ...(lines.length > 0 ? ['Timeline:', ...lines] : ['Nothing was changed.']),
    '',
    `Execution: ${link}`,
    `Report: ${reportCommand(facts)}`,
    `Incident: ${facts.incidentId}`,
  ].join('\n');
  return {
    subject: asciiOf(title),
    text,
    severity: severityOf(facts.outcome),
    chat: chatForm(facts, `${outcomeTable[facts.outcome].mark} ${title}`, lines, link),
  };
}

const beginnings: Record<string, string> = {
  manual: 'Started manually',
  schedule: 'Found by a patrol; no playbook was started',
  storm: 'Many at once: this notice stands for all of them',
};

function aboutOf({ alarmName, findingTitle, trigger = '' }: NoticeFacts): string[] {
  if (findingTitle) return [`GuardDuty finding: ${findingTitle}`];
  if (alarmName) return [`Alarm: ${alarmName}`];
  return beginnings[trigger] ? [beginnings[trigger]] : [];
}

/** Escapes characters with a meaning in the Markdown of chat clients: alarm names are text, not markup. */
export function plain(text: string): string {
  return text.replace(/[*_~`<>|[\]()@]/g, (mark) => `\\${mark}`);
}

function chatForm(facts: NoticeFacts, title: string, lines: string[], link: string): string {
  // The links come before the timeline, which may be truncated.
  const description = [
    plain(facts.reason),
    ...facts.notes.map(plain),
    '',
    ...aboutOf(facts).map(plain),
    `Stage: ${facts.stage}, severity: ${severityOf(facts.outcome)}`,
    `Execution: ${link}`,
    `Report: ${reportCommand(facts)}`,
    '',
    ...(lines.length > 0 ? lines.map((line) => `• ${plain(line)}`) : ['Nothing was changed.']),
  ].join('\n');
  return JSON.stringify({
    version: '1.0',
    source: 'custom',
    id: facts.incidentId,
    content: {
      textType: 'client-markdown',
      title: title.slice(0, 250),
      // The schema allows 8,000 characters; the record has the rest.
      description: description.slice(0, 7_900),
      nextSteps: !endsWell(facts.outcome) ? [`Open the execution: ${link}`] : [],
      keywords: [facts.playbook, facts.stage, facts.outcome, severityOf(facts.outcome)],
    },
    metadata: {
      threadId: facts.incidentId,
      summary: facts.reason.slice(0, 250),
      eventType: facts.outcome,
      relatedResources: facts.instanceId ? [facts.instanceId] : [],
    },
  });
}

/**
 * A notice without an incident, for example a review. Chat groups the notices of one thread.
 * @param told the subject, and the text in Markdown
 */
export function plainNotice(
  { subject, text }: { subject: string; text: string },
  { thread, severity }: { thread: string; severity: Severity },
): Notice {
  const ascii = asciiOf(subject);
  const chat = JSON.stringify({
    version: '1.0',
    source: 'custom',
    id: thread,
    content: { textType: 'client-markdown', title: subject.slice(0, 250), description: text.slice(0, 7_900) },
    metadata: { threadId: thread, summary: ascii },
  });
  return { subject: ascii, text, chat, severity };
}
