import { isPlaceRefusal } from '../place/codes';
import type { Place } from '../place/place';
import type { Code } from '../record/codes';
import type { TimelineEntry } from '../record/incident';
import { endsWell, type Outcome, outcomeTable, severityOf } from '../record/outcomes';
import { oneLine } from '../shared/plain-text';
import type { Advice } from './advice';
import { type Notice, plain, toNotice } from './message';
import { subjectOf } from './subject';

/** The content of a notice: the closed record and its timeline. */
export interface NoticeFacts {
  incidentId: string;
  playbook: string;
  stage: string;
  region: string;
  executionId: string;
  outcome: Outcome;
  /** Missing from records of former releases. */
  code?: Code | undefined;
  reason: string;
  drill: boolean;
  instanceId?: string | undefined;
  /** Where it is, if not in the stage's own account. */
  place?: Place | undefined;
  /** Its Name tag: a text from outside. */
  instanceName?: string | undefined;
  alarmName?: string | undefined;
  /** What started it: alarm, finding, manual, schedule or storm; undefined if there is no record. */
  trigger?: string | undefined;
  findingTitle?: string | undefined;
  /** The target if it is not an instance, for example a blocked CIDR. */
  target?: string | undefined;
  /** What a person should do; by default the line of the outcome. */
  advice?: Advice | undefined;
  notes: readonly string[];
  timeline: readonly Pick<TimelineEntry, 'at' | 'what'>[];
}

/** Whether an incident has an execution: a finding that is only reported has none, and names itself instead. */
const hasExecution = (executionId: string) => executionId.includes(':states:');

/** The execution's page in the Step Functions console. */
export function consoleLink(executionArn: string, region: string): string {
  return `https://${region}.console.aws.amazon.com/states/home?region=${region}#/v2/executions/details/${executionArn}`;
}

/** The instance's page in the EC2 console. */
const instanceLink = (instanceId: string, region: string): string =>
  `https://${region}.console.aws.amazon.com/ec2/home?region=${region}#InstanceDetails:instanceId=${instanceId}`;

/** The line of the guide for a code, in a checkout of this project. */
const guideOf = (code: Code | undefined): string => (code === undefined ? 'docs/outcomes.md' : `docs/codes.md#${code}`);

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
  const named = nameOf(facts);
  const target = facts.target ?? named ?? facts.alarmName ?? (facts.trigger === 'storm' ? 'storm' : 'run');
  const lines = facts.timeline.map(({ at, what }) => `${at.slice(11, 19)} UTC  ${oneLine(what)}`);
  const severity = severityOf(outcome);
  const link = consoleLink(facts.executionId, facts.region);
  const links = hasExecution(facts.executionId)
    ? [`Execution: ${link}`, `Report: ${reportCommand(facts)}`]
    : [`Finding: ${facts.executionId.split('#')[0]}`];
  const about = aboutOf(facts);
  const where = whereOf(facts);
  const todo = todoOf(facts);
  const isRed = !endsWell(outcome);
  const command = facts.advice?.command ?? `npm run incidents -- ${incidentId} --stage ${stage}`;
  const text = [
    ...[reason, '', ...(isRed ? [`Do this: ${todo}`, `  ${command}`, ''] : []), ...where, ...about],
    ...[`Stage: ${stage}`, `Severity: ${severity}`, ...notes, ''],
    ...(lines.length > 0 ? ['Timeline:', ...lines] : ['Nothing was changed.']),
    ...['', ...links, `Guide: ${guideOf(facts.code)}`, `Incident: ${incidentId}`],
  ];
  // The links come before the timeline, which may be truncated.
  const markdown = [
    ...[plain(reason), ...notes.map(plain), ''],
    ...(isRed ? [`Do this: ${todo}`, `\`${command}\``, ''] : []),
    ...[...where.map(chatLine), ...about.map(plain)],
    ...[`Stage: ${stage}, severity: ${severity}`, ...links, `Guide: ${guideOf(facts.code)}`, ''],
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
    nextSteps: isRed ? [todo] : [],
    keywords: [playbook, stage, outcome, severity],
    eventType: outcome,
    relatedResources: instanceId ? [instanceId] : [],
  });
}

/** The instance as people name it: `web-1 (i-0123…)`, or its ID alone. */
function nameOf({ instanceId, instanceName }: NoticeFacts): string | undefined {
  const name = oneLine(instanceName ?? '').slice(0, 60);
  return instanceId && name ? `${name} (${instanceId})` : instanceId;
}

/** Whether the incident's instance is in another account or region, where this stage asks nothing and links to nothing. */
export const isElsewhere = isPlaceRefusal;

/** The instance with its account and region, and its page. */
function whereOf(facts: NoticeFacts): string[] {
  const { instanceId, executionId } = facts;
  const region = facts.place?.region ?? facts.region;
  const account = facts.place?.account ?? /^arn:[\w-]+:\w+:[\w-]+:(\d{12}):/.exec(executionId)?.[1];
  const place = [...(account ? [`account ${account}`] : []), region].join(', ');
  if (instanceId && isElsewhere(facts.code)) return [`Instance: ${instanceId}`];
  if (!instanceId) return [`Place: ${place}`];
  return [`Instance: ${nameOf(facts)}, ${place}`, instanceLink(instanceId, region)];
}

/** Links are ours, and chat clients follow them only as they are. */
const chatLine = (line: string) => (line.startsWith('https://') ? line : plain(line));

/** What a person should do, as a sentence: the code's line of the guide, or its outcome's where the code asks nothing. */
function todoOf({ advice, executionId, outcome }: NoticeFacts): string {
  const usual = hasExecution(executionId) ? outcomeTable[outcome].todo : 'read the finding in GuardDuty, and decide';
  return asSentence(advice?.todo ?? usual);
}

/** A line of the guide as a sentence of plain text: `[Release](operating.md#…)` is followed by its page. Pure. */
export function asSentence(line: string): string {
  const text = line.replace(/\[([^\]]*)\]\(([^)]*)\)/g, '$1 (docs/$2)');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

const beginnings: Record<string, string> = {
  manual: 'Started manually',
  schedule: 'Found by a patrol; no playbook was started',
  storm: 'Many at once: this notice stands for all of them',
};

/** Playbooks that a schedule starts for an instance; whatever else a schedule finds is only reported. */
const ownSchedule = ['host-maintenance', 'patch-instance'];

function aboutOf({ alarmName, findingTitle, trigger = '', playbook }: NoticeFacts): string[] {
  if (findingTitle) return [`GuardDuty finding: ${oneLine(findingTitle)}`];
  if (alarmName) return [`Alarm: ${oneLine(alarmName)}`];
  if (trigger === 'schedule' && ownSchedule.includes(playbook)) return ['Started on a schedule'];
  return beginnings[trigger] ? [beginnings[trigger]] : [];
}
