import { adviceOf } from '../../functions/notice/advice';
import { buildNotice, consoleLink, type NoticeFacts } from '../../functions/notice/notice';

const facts = (change: Partial<NoticeFacts> = {}): NoticeFacts => ({
  incidentId: 'inc-0123',
  playbook: 'restart-instance',
  stage: 'prod',
  region: 'us-east-1',
  executionId: 'arn:aws:states:us-east-1:123456789012:execution:m:e',
  outcome: 'RESOLVED',
  reason: 'After the stop and start the alarm is OK.',
  drill: false,
  instanceId: 'i-0123456789abcdef0',
  alarmName: 'restart-instance-prod-cpu-high',
  notes: [],
  timeline: [{ at: '2026-11-24T02:00:00.000Z', what: 'Asked EC2 to stop the instance.' }],
  ...change,
});

test('the chat form is a custom notification that chat clients show', () => {
  const chat = JSON.parse(buildNotice(facts()).chat);

  expect(chat).toMatchObject({
    version: '1.0',
    source: 'custom',
    content: { textType: 'client-markdown' },
    metadata: { threadId: 'inc-0123' },
  });
  expect(chat.content.title).toContain('RESOLVED');
  expect(chat.content.description).toContain('02:00:00 UTC  Asked EC2 to stop the instance.');
});

test('people get the reason first, the timeline, the link to the execution and the way to its report', () => {
  const { text } = buildNotice(facts());

  expect(text.split('\n')[0]).toBe('After the stop and start the alarm is OK.');
  expect(text).toContain(consoleLink(facts().executionId, 'us-east-1'));
  expect(text).toContain('npm run drill -- --history inc-0123.json --report reports');
});

test('a chat message has the link and the report however it ended, and keeps them when the timeline is long', () => {
  const timeline = Array.from({ length: 500 }, () => ({ at: '2026-11-24T02:00:00.000Z', what: 'Looked again.' }));
  const { description } = JSON.parse(buildNotice(facts({ timeline })).chat).content;

  expect(description).toContain(consoleLink(facts().executionId, 'us-east-1'));
  expect(description).toContain('--history inc-0123.json');
  expect(description).toContain('severity: info');
});

test.each([
  ['manual', 'Started manually'],
  ['schedule', 'Found by a patrol'],
  ['storm', 'this notice stands for all of them'],
])('what no alarm began says what did (%s)', (trigger, words) => {
  expect(buildNotice(facts({ alarmName: undefined, trigger })).text).toContain(words);
});

test('a storm is named in the subject, not called an unknown target', () => {
  const storm = { outcome: 'ESCALATED', trigger: 'storm', alarmName: undefined, instanceId: undefined } as const;

  expect(buildNotice(facts(storm)).subject).toBe('PAGE ESCALATED: restart-instance storm');
});

test('a subject fits SNS: ASCII, one line, at most 100 characters', () => {
  const { subject } = buildNotice(facts({ instanceId: undefined, alarmName: `ä\n${'x'.repeat(300)}`, drill: true }));

  expect(subject).toMatch(/^\[DRILL\] [\x20-\x7E]{1,92}$/);
});

test('an alarm name cannot forge markup, links or mentions in chat', () => {
  const chat = JSON.parse(buildNotice(facts({ reason: 'look <https://evil.example|here> @channel *now*' })).chat);

  expect(chat.content.description).toContain('\\<https://evil.example\\|here\\> \\@channel \\*now\\*');
});

test('only an end that needs a person tells what to do next', () => {
  expect(JSON.parse(buildNotice(facts()).chat).content.nextSteps).toEqual([]);
  expect(JSON.parse(buildNotice(facts({ outcome: 'ESCALATED' })).chat).content.nextSteps).toHaveLength(1);
});

test('a red notice says what to do first, with the command to copy; a green one asks nothing', () => {
  const hangs = facts({ outcome: 'ESCALATED', code: 'stop-hangs', reason: 'The stop hangs.' });
  const { text, chat } = buildNotice({ ...hangs, advice: adviceOf('stop-hangs', hangs) });

  expect(text.split('\n').slice(0, 4)).toEqual([
    'The stop hangs.',
    '',
    'Do this: Force the stop, or ask AWS Support; then start the instance.',
    '  aws ec2 stop-instances --force --instance-ids i-0123456789abcdef0 --region us-east-1',
  ]);
  expect(JSON.parse(chat).content.nextSteps).toEqual(['Force the stop, or ask AWS Support; then start the instance.']);
  expect(buildNotice(facts({ code: 'recovered' })).text).not.toContain('Do this');
});

test('the instance is named as people do, with its place, its page, and the line of the guide', () => {
  const { subject, text } = buildNotice(facts({ instanceName: 'web-1', code: 'recovered' }));

  expect(subject).toBe('INFO RESOLVED: restart-instance web-1 (i-0123456789abcdef0)');
  expect(text).toContain(
    'Instance: web-1 (i-0123456789abcdef0), account 123456789012, us-east-1\nhttps://us-east-1.console.aws.amazon.com/ec2/home?region=us-east-1#InstanceDetails:instanceId=i-0123456789abcdef0',
  );
  expect(text).toContain('Guide: docs/codes.md#recovered');
});

test('a name cannot add a line or markup', () => {
  const { text, chat } = buildNotice(facts({ instanceName: 'web\nSeverity: info <https://evil.example|x>' }));

  expect(text.match(/^Severity: /gm)).toHaveLength(1);
  expect(JSON.parse(chat).content.description).toContain('\\<https://evil.example\\|x\\>');
});

test.each([
  ['RESOLVED', 'INFO'],
  ['INEFFECTIVE', 'LOOK'],
  ['WORSE', 'PAGE'],
] as const)('the severity of %s is the first word of its subject: %s', (outcome, word) => {
  expect(buildNotice(facts({ outcome })).subject).toMatch(new RegExp(`^${word} ${outcome}: `));
});

test('without advice the outcome says what to do, and the command shows the incident', () => {
  expect(buildNotice(facts({ outcome: 'WORSE' })).text).toContain(
    'Do this: Look at the instance now.\n  npm run incidents -- inc-0123 --stage prod\n',
  );
  const finding = facts({ outcome: 'SUSPECTED', executionId: 'arn:aws:guardduty:us-east-1:123456789012:detector/d#x' });
  expect(buildNotice(finding).text).toContain('Do this: Read the finding in GuardDuty, and decide.\n');
});

test.each(['wrong-account', 'wrong-region', 'place-contradicted', 'place-not-listed'] as const)(
  'an instance of elsewhere is given no place and no link (%s)',
  (code) => {
    const { text } = buildNotice(facts({ outcome: 'SKIPPED', code }));

    expect(text).toContain('Instance: i-0123456789abcdef0\n');
    expect(text).not.toContain('InstanceDetails');
  },
);
