import type { TimelineEntry } from '../record/incident';
import { endsWell, type Outcome, outcomeTable, severityOf } from '../record/outcomes';
import { type Notice, oneLine, plain, toNotice } from './message';
import { subjectOf } from './subject';

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

/** Whether an incident has an execution: a finding that is only reported has none, and names itself instead. */
const hasExecution = (executionId: string) => executionId.includes(':states:');

const readFinding = 'Read the finding in GuardDuty, and decide';

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

/** Builds the notice of an ended incident. */
export function buildNotice(facts: NoticeFacts): Notice {
  const { incidentId, playbook, stage, outcome, instanceId } = facts;
  const reason = oneLine(facts.reason);
  const notes = facts.notes.map(oneLine);
  const target = facts.target ?? instanceId ?? facts.alarmName ?? (facts.trigger === 'storm' ? 'storm' : 'run');
  const lines = facts.timeline.map(({ at, what }) => `${at.slice(11, 19)} UTC  ${oneLine(what)}`);
  const severity = severityOf(outcome);
  const link = consoleLink(facts.executionId, facts.region);
  const links = hasExecution(facts.executionId)
    ? [`Execution: ${link}`, `Report: ${reportCommand(facts)}`]
    : [`Finding: ${facts.executionId.split('#')[0]}`];
  const about = aboutOf(facts);
  const text = [
    ...[reason, '', ...about],
    ...[`Stage: ${stage}`, `Severity: ${severity}`, ...notes, ''],
    ...(lines.length > 0 ? ['Timeline:', ...lines] : ['Nothing was changed.']),
    ...['', ...links, `Incident: ${incidentId}`],
  ];
  // The links come before the timeline, which may be truncated.
  const markdown = [
    ...[plain(reason), ...notes.map(plain), '', ...about.map(plain)],
    ...[`Stage: ${stage}, severity: ${severity}`, ...links, ''],
    ...(lines.length > 0 ? lines.map((line) => `• ${plain(line)}`) : ['Nothing was changed.']),
  ];
  return toNotice({
    thread: incidentId,
    title: subjectOf(facts, target),
    mark: outcomeTable[outcome].mark,
    text: text.join('\n'),
    markdown: markdown.join('\n'),
    summary: reason,
    severity,
    nextSteps: endsWell(outcome) ? [] : [hasExecution(facts.executionId) ? `Open the execution: ${link}` : readFinding],
    keywords: [playbook, stage, outcome, severity],
    eventType: outcome,
    relatedResources: instanceId ? [instanceId] : [],
  });
}

const beginnings: Record<string, string> = {
  manual: 'Started manually',
  schedule: 'Found by a patrol; no playbook was started',
  storm: 'Many at once: this notice stands for all of them',
};

function aboutOf({ alarmName, findingTitle, trigger = '' }: NoticeFacts): string[] {
  if (findingTitle) return [`GuardDuty finding: ${oneLine(findingTitle)}`];
  if (alarmName) return [`Alarm: ${oneLine(alarmName)}`];
  return beginnings[trigger] ? [beginnings[trigger]] : [];
}
