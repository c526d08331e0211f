import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parseStages, StageParamError } from '../../packaging/stages';

const file = () => parse(readFileSync(join(__dirname, '../../resources/stages.yml'), 'utf8'));
const withParam = (stage: string, name: string, value: unknown) => {
  const stages = file();
  return { ...stages, [stage]: { ...stages[stage], [name]: value } };
};

test('a stage has what it sets itself, and the default for the rest', () => {
  const { breakerLimit, cooldownMinutes } = parseStages(file(), 'prod');

  expect(breakerLimit).toBe(file().prod.breakerLimit);
  expect(cooldownMinutes).toBe(file().default.cooldownMinutes);
});

test('a stage that sets nothing itself has the defaults', () => {
  expect(parseStages({ ...file(), somebodys: {} }, 'somebodys')).toEqual(
    parseStages({ default: file().default, prod: {} }, 'prod'),
  );
});

test.each(['prd', 'default', 'constructor'])('the stage "%s", which the file does not know, is refused', (stage) => {
  expect(() => parseStages(file(), stage)).toThrow(StageParamError);
  expect(() => parseStages(file(), stage)).toThrow(
    `resources/stages.yml does not know the stage "${stage}"; it knows dev, staging, prod.`,
  );
});

test('a stage of one’s own is checked like the others', () => {
  expect(() => parseStages({ ...file(), somebodys: { breakerLimit: 'many' } }, 'dev')).toThrow(
    'somebodys.breakerLimit',
  );
});

test.each<[string, string, unknown, string]>([
  ['a mode that does not exist', 'mode', 'yolo', 'prod.mode'],
  ['a retention that CloudWatch Logs does not take', 'logRetentionDays', 31, 'prod.logRetentionDays'],
  ['text where a number belongs', 'breakerLimit', 'many', 'prod.breakerLimit'],
  ['minutes that are no whole periods', 'cpuHighMinutes', '7', 'prod.cpuHighMinutes'],
  ['a percentage above 100', 'cpuHighPercent', '101', 'prod.cpuHighPercent'],
  ['an address that is none', 'noticeEmail', 'ops at example', 'prod.noticeEmail'],
  ['an instance that is none', 'instanceId', 'web-1', 'prod.instanceId'],
  ['a network ACL that is none', 'blockNetworkAclId', 'sg-0123456789abcdef0', 'prod.blockNetworkAclId'],
  ['a tag key of AWS', 'optInTag', 'aws:enabled', 'prod.optInTag'],
  ['the tag that an isolation writes, as the opt-in', 'optInTag', 'incident-playbooks:quarantined-by', 'prod.optInTag'],
  [
    'the tag of a threshold, as the protection',
    'protectedTag',
    'Incident-Playbooks:CPU-high-percent',
    'prod.protectedTag',
  ],
  ['a never-block list with a name in it', 'neverBlock', '203.0.113.0/24, office', 'prod.neverBlock'],
  ['a never-block list with a prefix that is too long', 'neverBlock', '203.0.113.0/33', 'prod.neverBlock'],
  ['a never-block list with half an ID', 'neverBlock', 'pl-63a5', 'prod.neverBlock'],
  ['a lock for ever', 'snapshotLockDays', '36501', 'prod.snapshotLockDays'],
  ['a cooling-off of four days', 'snapshotCoolOffHours', '96', 'prod.snapshotCoolOffHours'],
  ['an evidence account by its name', 'evidenceAccountId', 'forensics', 'prod.evidenceAccountId'],
  ['roles with spaces between them', 'instanceRoles', 'web-*, batch/*', 'prod.instanceRoles'],
  ['no role at all', 'instanceRoles', '', 'prod.instanceRoles'],
  ['a role with its whole ARN', 'instanceRoles', 'arn:aws:iam::123456789012:role/web', 'prod.instanceRoles'],
  ['a severity beyond the scale', 'isolateSeverity', 11, 'prod.isolateSeverity'],
  ['text in an event pattern’s number', 'blockSeverity', '2', 'prod.blockSeverity'],
  ['text where a machine’s timeout belongs', 'approvalSeconds', '3600', 'prod.approvalSeconds'],
  ['half a second', 'sessionsApprovalSeconds', 90.5, 'prod.sessionsApprovalSeconds'],
])('%s is refused, and its field is named', (_what, name, value, field) => {
  expect(() => parseStages(withParam('prod', name, value), 'dev')).toThrow(StageParamError);
  expect(() => parseStages(withParam('prod', name, value), 'dev')).toThrow(field);
});

test('a misspelt param is refused by its name', () => {
  expect(() => parseStages(withParam('staging', 'coolDownMinutes', '5'), 'staging')).toThrow(
    /staging.*coolDownMinutes/s,
  );
});

test('a param that is missing from the defaults is named', () => {
  const { mode: _mode, ...rest } = file().default;

  expect(() => parseStages({ ...file(), default: rest }, 'dev')).toThrow('default.mode');
});

test('a param from the command line wins, and is checked as well', () => {
  expect(parseStages(file(), 'dev', { mode: 'act', cooldownMinutes: '20' })).toMatchObject({ mode: 'act' });
  expect(() => parseStages(file(), 'dev', { mode: 'yolo' })).toThrow('mode');
  expect(() => parseStages(file(), 'dev', { approvalSeconds: '120' })).toThrow(/approvalSeconds: .*stages\.yml/);
});

const slack = { chat: 'slack', chatSlackWorkspace: 'T0123ABCD', chatSlackChannel: 'C0123ABCD' };

test('a chat channel is named whole, and answers are taken for the playbooks that are named', () => {
  expect(parseStages(file(), 'prod', slack)).toMatchObject({ chat: 'slack', chatAnswers: '' });
  expect(parseStages(file(), 'prod', { ...slack, chatAnswers: 'block-traffic, patch-instance' })).toMatchObject(slack);
});

test.each<[string, Record<string, string>, string]>([
  ['half a channel', { ...slack, chatSlackChannel: '' }, 'slack needs chatSlackChannel'],
  ['a channel of another client', { ...slack, chat: 'teams' }, 'teams needs chatTeamsTenant'],
  ['a channel without its client', { chatSlackWorkspace: 'T0123ABCD' }, 'chatSlackWorkspace is set, but chat is none'],
  ['answers without a channel', { chatAnswers: 'block-traffic' }, 'chatAnswers is set, but chat is none'],
  ['answers to a playbook that asks nothing', { ...slack, chatAnswers: 'restart-instance' }, 'chatAnswers'],
  ['answers to all', { ...slack, chatAnswers: '*' }, 'chatAnswers'],
  ['a list with a gap', { ...slack, chatAnswers: 'block-traffic,' }, 'chatAnswers'],
  ['a channel by its name', { ...slack, chatSlackChannel: '#ops' }, 'chatSlackChannel'],
])('%s is refused', (_what, params, words) => {
  expect(() => parseStages(file(), 'prod', params)).toThrow(words);
});

test.each(['Prod', 'a'.repeat(21), '1st', 'my_stage', 'dev-2', ''])(
  '"%s" is refused as the name of a stage',
  (stage) => {
    expect(() => parseStages(file(), stage)).toThrow('is not a valid stage name');
  },
);

test('one tag cannot both opt in and protect', () => {
  expect(() => parseStages(file(), 'dev', { protectedTag: file().default.optInTag })).toThrow('protectedTag');
});

test('one tag cannot both opt in and protect in another case either: IAM does not tell them apart', () => {
  expect(() => parseStages(file(), 'dev', { optInTag: 'Team:on', protectedTag: 'team:ON' })).toThrow('protectedTag');
});

test('a stage of its own may have an opt-in tag of its own beside the default one', () => {
  expect(parseStages(file(), 'dev', { optInTag: 'incident-playbooks:enabled-too' })).toMatchObject({ mode: 'observe' });
});

describe('times that do not go together are refused, and the field is named:', () => {
  test.each<[string, Record<string, unknown>, RegExp]>([
    [
      'a lease that ends before a patch run',
      { leaseMinutes: '239' },
      /leaseMinutes: must be at least 240.*patch-instance/,
    ],
    [
      'an hour and a half to answer a patch run',
      { approvalSeconds: 4501 },
      /approvalSeconds: must be at most 4500; patch-/,
    ],
    [
      'answers that leave an isolation no time for its steps',
      { approvalSeconds: 3600, sessionsApprovalSeconds: 1801 },
      /approvalSeconds and sessionsApprovalSeconds: must be at most 5400 together; isolate-/,
    ],
  ])('%s', (_what, params, message) => {
    const stages = { ...file(), prod: { ...file().prod, ...params } };

    expect(() => parseStages(stages, 'prod')).toThrow(StageParamError);
    expect(() => parseStages(stages, 'prod')).toThrow(message);
  });

  test('but not for a question that the stage never asks', () => {
    const prod = { ...file().prod, revokeSessions: 'never', sessionsApprovalSeconds: 9000 };

    expect(parseStages({ ...file(), prod }, 'prod')).toMatchObject({ revokeSessions: 'never' });
  });
});
