import type { TimelineEntry } from '../record/incident';
import { endsWell, type Outcome, outcomeTable, type Severity, severityOf } from '../record/outcomes';
import { asciiOf, subjectOf } from './subject';

/** What a notice says: the closed record and its timeline. */
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
  /** What began it: alarm, finding, manual, schedule or storm; undefined when there is no record to say so. */
  trigger?: string | undefined;
  findingTitle?: string | undefined;
  /** What it was about when that is no instance, for example a CIDR that was blocked. */
  target?: string | undefined;
  notes: readonly string[];
  timeline: readonly Pick<TimelineEntry, 'at' | 'what'>[];
}

/** What goes to SNS: a subject, a text for people, and the chat form for the https endpoint of Amazon Q. */
export interface Notice {
  subject: string;
  text: string;
  chat: string;
  /** Goes along as a message attribute, so that a subscription can take only what it should wake people for. */
  severity: Severity;
}

/** The execution's page in the Step Functions console. */
export function consoleLink(executionArn: string, region: string): string {
  return `https://${region}.console.aws.amazon.com/states/home?region=${region}#/v2/executions/details/${executionArn}`;
}

/** How to draw the report of an execution from its history, in a checkout of this project. */
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
    ...(lines.length > 0 ? ['What was done and seen:', ...lines] : ['Nothing was changed.']),
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
  manual: 'Started by hand',
  schedule: 'Found by a patrol; nothing was started for it',
  storm: 'Many at once: this notice stands for all of them',
};

function aboutOf({ alarmName, findingTitle, trigger = '' }: NoticeFacts): string[] {
  if (findingTitle) return [`GuardDuty finding: ${findingTitle}`];
  if (alarmName) return [`Alarm: ${alarmName}`];
  return beginnings[trigger] ? [beginnings[trigger]] : [];
}

/** Markdown of chat clients gives these characters a meaning; names of alarms are people's words, not markup. */
export function plain(text: string): string {
  return text.replace(/[*_~`<>|[\]()@]/g, (mark) => `\\${mark}`);
}

function chatForm(facts: NoticeFacts, title: string, lines: string[], link: string): string {
  // The links come before the timeline, which is cut off where it is long.
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
      // The schema allows 8,000 characters; what is longer is in the record.
      description: description.slice(0, 7_900),
      nextSteps: !endsWell(facts.outcome) ? [`Look at the execution: ${link}`] : [],
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
 * A notice that is about no incident, for example a review. Notices of one thread stand together in chat.
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
