import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, type ScalarTag } from 'yaml';
import { z } from 'zod';
import { matchesPattern } from '../../drill/stack/pattern';
import { buildQuestion } from '../../functions/approval/request';
import { buildNotice } from '../../functions/notice/notice';
import { eventSource } from '../../functions/record/event-schema';
import { askedEvent, closedEvent, openedEvent, type ProjectEvent } from '../../functions/record/events';
import type { Outcome } from '../../functions/record/outcomes';
import { config } from '../fixtures/config';
import { type LintedTemplate, lint } from '../template/lint';

const root = join(__dirname, '..', '..');
const at = '2026-03-02T09:00:00.000Z';
const hostile = 'It says "no", \\ and {"a": <b>}: ${c}.';

/** The short forms of CloudFormation's functions; a value is what the reader of the recipe would put there. */
const given: Record<string, string> = { Stage: 'prod', Project: 'OPS', Site: 'example', Host: 'api.opsgenie.com' };
const tag = (name: string, resolve: (text: string) => unknown): ScalarTag =>
  ({ tag: `!${name}`, resolve }) as ScalarTag;
const asWritten = [
  tag('Ref', (text) => ({ Ref: text })),
  tag('GetAtt', (text) => ({ 'Fn::GetAtt': text.split('.') })),
  tag('Sub', (text) => ({ 'Fn::Sub': text })),
];
const filledIn = [
  tag('Ref', (text) => given[text] ?? text),
  tag('GetAtt', (text) => text),
  tag('Sub', (text) => text.replace(/\$\{(\w+)\}/g, (_whole, name: string) => given[name] ?? name)),
];
const recipe = (name: string) => readFileSync(join(root, 'docs/recipes', `${name}.yml`), 'utf8');
const read = (name: string, customTags: ScalarTag[]) => parse(recipe(name), { customTags });

interface Rule {
  EventPattern: object;
  Targets: { InputTransformer: { InputPathsMap: Record<string, string>; InputTemplate: string } }[];
}
const rulesOf = (name: string): Rule[] =>
  Object.values(read(name, filledIn).Resources as Record<string, { Type: string; Properties: Rule }>)
    .filter(({ Type }) => Type === 'AWS::Events::Rule')
    .map(({ Properties }) => Properties);

const incident = (drill = false) => ({
  ...{ incidentId: 'inc-0123456789abcdef0123', playbook: 'isolate-instance', mode: 'act' as const, drill },
  ...{ executionId: 'arn:aws:states:us-east-1:123456789012:execution:m:e', trigger: 'finding' as const, openedAt: at },
});
const stage = { ...config, STAGE: 'prod' };
const ended = (outcome: Outcome, drill = false) =>
  closedEvent(incident(drill), { outcome, code: 'stop-hangs', reason: hostile, closedAt: at }, stage);
const question = { questionId: 'q-0123456789ab', subject: 'isolate' as const, what: hostile, needed: 1 };
const asked = askedEvent(incident(), { ...question, askedAt: at, answerBy: at }, stage);

const eventOf = ({ type, detail }: ProjectEvent) => ({ source: eventSource, 'detail-type': type, detail });
const takenBy = (name: string, event: ProjectEvent) =>
  rulesOf(name).filter(({ EventPattern }) => matchesPattern(EventPattern, eventOf(event)));

/** What a target gets. Source: EventBridge user guide, "Input transformation": a text without quotes is written as JSON. */
function bodyOf({ Targets }: Rule, { detail }: ProjectEvent): unknown {
  const { InputPathsMap, InputTemplate } = Targets[0]!.InputTransformer;
  const saidOf = (name: string) => (detail as Record<string, unknown>)[InputPathsMap[name]!.replace('$.detail.', '')];
  const isQuoted = (before: string) => (before.match(/"/g) ?? []).length % 2 === 1;
  let text = '';
  for (const part of InputTemplate.split(/(<\w+>)/)) {
    const [, name] = /^<(\w+)>$/.exec(part) ?? [];
    const line = text.slice(text.lastIndexOf('\n') + 1);
    text += name === undefined ? part : isQuoted(line) ? String(saidOf(name)) : JSON.stringify(saidOf(name));
  }
  return JSON.parse(text);
}

const short = (most: number) => z.string().min(1).max(most);
/** Source: PagerDuty, "Send an alert event" (Events API v2); the connection adds the routing key. */
const pagerduty = z.strictObject({
  event_action: z.enum(['trigger', 'acknowledge', 'resolve']),
  dedup_key: short(255),
  payload: z.strictObject({
    summary: short(1_024),
    source: short(255),
    severity: z.enum(['critical', 'error', 'warning', 'info']),
    custom_details: z.record(z.string(), z.string()),
  }),
});
/** Source: Opsgenie, Alert API, "Create alert". */
const opsgenie = z.strictObject({
  message: short(130),
  alias: short(512),
  description: short(15_000),
  priority: z.enum(['P1', 'P2', 'P3', 'P4', 'P5']),
  source: short(100),
  tags: z.array(short(50)).max(20).optional(),
  details: z.record(z.string(), z.string()),
});
/** Source: Jira Cloud REST API v2, "Create issue"; a label has no spaces. */
const jira = z.strictObject({
  fields: z.strictObject({
    project: z.strictObject({ key: z.literal('OPS') }),
    issuetype: z.strictObject({ name: z.string() }),
    summary: short(255),
    description: short(32_767),
    labels: z.array(z.string().regex(/^\S+$/)),
  }),
});
const schemas = { pagerduty, opsgenie, jira };
const names = Object.keys(schemas) as (keyof typeof schemas)[];

test.each(names)('%s lints clean, and has no key in it', (name) => {
  const template = read(name, asWritten) as LintedTemplate & { Parameters: Record<string, { NoEcho?: boolean }> };

  expect(lint(template)).toEqual([]);
  expect(Object.entries(template.Parameters).filter(([key]) => /Key|Token/.test(key))).toMatchObject(
    Object.keys(template.Parameters)
      .filter((key) => /Key|Token/.test(key))
      .map((key) => [key, { NoEcho: true }]),
  );
  expect(recipe(name)).not.toMatch(/GenieKey [^$]|token=\w/i);
});

test.each<[keyof typeof schemas, string, ProjectEvent, number]>([
  ['pagerduty', 'an end that needs somebody now', ended('ESCALATED'), 1],
  ['pagerduty', 'an end that needs somebody today', ended('INEFFECTIVE'), 0],
  ['pagerduty', 'a good end', ended('RESOLVED'), 0],
  ['pagerduty', 'a request for approval', asked, 1],
  ['pagerduty', 'the beginning', openedEvent(incident(), stage), 0],
  ['opsgenie', 'an end that needs somebody now', ended('ESCALATED'), 1],
  ['opsgenie', 'a good end', ended('RESOLVED'), 0],
  ['opsgenie', 'a request for approval', asked, 1],
  ['jira', 'an end that needs somebody now', ended('FAILED'), 1],
  ['jira', 'an end that needs somebody today', ended('INEFFECTIVE'), 1],
  ['jira', 'a good end', ended('RESOLVED'), 0],
  ['jira', 'a drill', ended('FAILED', true), 0],
  ['jira', 'a request for approval', asked, 0],
])('%s: %s is delivered as often as it says, in the form of the service', (name, _what, event, times) => {
  const rules = takenBy(name, event);

  expect(rules).toHaveLength(times);
  for (const rule of rules) {
    const body = bodyOf(rule, event);
    expect(schemas[name].safeParse(body).error).toBeUndefined();
    expect(JSON.stringify(body)).toContain(JSON.stringify(hostile).slice(1, -1));
  }
});

test.each(names)('%s takes nothing of another stage', (name) => {
  const other = closedEvent(
    incident(),
    { outcome: 'ESCALATED', code: 'stop-hangs', reason: 'x', closedAt: at },
    { STAGE: 'dev' },
  );

  expect(takenBy(name, other)).toEqual([]);
});

describe('the subscriptions of the page', () => {
  const page = readFileSync(join(root, 'docs/integrations.md'), 'utf8');
  const blocks = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => parse(text!));
  const subscriptions = blocks.find((one) => 'PagesOnly' in one) as Record<
    string,
    { Type: string; Properties: { FilterPolicyScope: string; FilterPolicy: object } }
  >;
  /** Source: SNS developer guide, "Subscription filter policy scope": a body that is no JSON passes no filter on it. */
  const passes = (id: string, message: { Message: string; attributes?: Record<string, string> }) => {
    const { FilterPolicyScope, FilterPolicy } = subscriptions[id]!.Properties;
    if (FilterPolicyScope === 'MessageAttributes') return matchesPattern(FilterPolicy, message.attributes ?? {});
    try {
      return matchesPattern(FilterPolicy, JSON.parse(message.Message));
    } catch {
      return false;
    }
  };
  const noticeOf = (outcome: Outcome) => {
    const facts = { ...incident(), stage: 'prod', region: 'us-east-1', outcome, reason: 'x', notes: [], timeline: [] };
    const { text, severity } = buildNotice(facts);
    return { Message: text, attributes: { severity } };
  };
  const asking = buildQuestion({
    ...{ ...incident(), ...question, stage: 'prod', region: 'us-east-1', why: 'x', answerBy: at, answerFunction: 'f' },
  });
  /** Source: SNS developer guide, the message of a CloudWatch alarm. */
  const alarm = (name: string, NewStateValue = 'ALARM') => ({
    Message: JSON.stringify({ AlarmName: name, NewStateValue }),
  });

  test('lint clean', () => {
    expect(lint({ Resources: subscriptions as never })).toEqual([]);
  });

  test.each<[string, Parameters<typeof passes>[1], string[]]>([
    ['a page', noticeOf('ESCALATED'), ['PagesOnly']],
    ['a request for approval', { Message: asking.text, attributes: { severity: asking.severity } }, ['PagesOnly']],
    ['what somebody should look at today', noticeOf('INEFFECTIVE'), []],
    ['a good end', noticeOf('RESOLVED'), []],
    ['an alarm of the automation', alarm('incident-playbooks-prod-dead-letters'), ['AlarmsOfTheAutomation']],
    ['its recovery', alarm('incident-playbooks-prod-dead-letters', 'OK'), []],
    ['an alarm of another stage', alarm('incident-playbooks-dev-dead-letters'), []],
  ])('%s goes where the page says', (_what, message, expected) => {
    expect(Object.keys(subscriptions).filter((id) => passes(id, message))).toEqual(expected);
  });

  test('the rule of the page takes every end that is not well', () => {
    const { EventPattern } = (blocks.find(({ Type }) => Type === 'AWS::Events::Rule') as { Properties: Rule })
      .Properties;

    expect(matchesPattern(EventPattern, eventOf(ended('PARTIAL')))).toBe(true);
    expect(matchesPattern(EventPattern, eventOf(ended('RESOLVED')))).toBe(false);
  });
});
