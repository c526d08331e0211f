import { type Code, codeTable } from '../../functions/record/codes';
import { type CommandFacts, commandFor, commandOf } from '../../functions/record/commands';
import type { Conclusion } from '../../functions/record/conclusion';
import { codeNameOf } from '../../functions/record/error-code';
import { askedEvent, closedEvent, openedEvent } from '../../functions/record/events';
import { asLost, lossEntry, wordsOfLoss } from '../../functions/record/lost-host';
import { isReportedOnce } from '../../functions/record/standing';

const instanceId = 'i-0123456789abcdef0';
const executionId = 'arn:aws:states:us-east-1:123456789012:execution:m:e';
const facts: CommandFacts = { incidentId: 'inc-1', stage: 'prod', region: 'eu-west-1', executionId, instanceId };

describe('the first command for a person', () => {
  test.each<[Code | undefined, Partial<CommandFacts>, string]>([
    ['stop-hangs', {}, `aws ec2 stop-instances --force --instance-ids ${instanceId} --region eu-west-1`],
    [
      'still-stopping',
      {},
      `aws ec2 wait instance-stopped --instance-ids ${instanceId} --region eu-west-1 && aws ec2 start-instances --instance-ids ${instanceId} --region eu-west-1`,
    ],
    ['storm', {}, 'aws cloudwatch describe-alarms --state-value ALARM --region eu-west-1'],
    ['states-timeout', {}, `aws stepfunctions describe-execution --execution-arn ${executionId} --region eu-west-1`],
    ['recovered', {}, 'npm run incidents -- inc-1 --stage prod'],
    [undefined, {}, 'npm run incidents -- inc-1 --stage prod'],
    ['stop-hangs', { instanceId: undefined }, 'npm run incidents -- inc-1 --stage prod'],
    ['states-timeout', { executionId: 'restart-1' }, 'npm run incidents -- inc-1 --stage prod'],
  ])('at %s with %j is ready to copy', (code, change, command) => {
    expect(commandFor(code, { ...facts, ...change })).toBe(command);
  });

  test('names nothing that it is not given, at any code', () => {
    for (const code of [undefined, ...codeTable().keys()]) {
      expect(commandFor(code, facts)).not.toMatch(/[{}]|undefined/);
      for (const [, name] of commandOf(code).matchAll(/\{(.*?)\}/g))
        expect(['incident', 'stage', 'region', 'execution', 'instance']).toContain(name);
    }
  });
});

describe('an isolation whose host was lost', () => {
  const end = (change: Partial<Conclusion>) =>
    ({ outcome: 'CONTAINED', code: 'isolated', reason: 'Isolated.', ...change }) as Conclusion;

  test('is recorded by an entry for each loss', () => {
    expect([lossEntry('terminated'), lossEntry('stopped')]).toEqual(['host-terminated', 'host-stopped']);
  });

  test.each<[Partial<Conclusion>, Parameters<typeof asLost>[1], Conclusion]>([
    [{}, [], end({})],
    [{}, ['stopped'], { outcome: 'ESCALATED', code: 'instance-stopped', reason: `Isolated. ${wordsOfLoss.stopped}` }],
    [
      {},
      ['stopped', 'terminated'],
      { outcome: 'ESCALATED', code: 'instance-gone', reason: `Isolated. ${wordsOfLoss.terminated}` },
    ],
    [
      { outcome: 'GONE', code: 'instance-gone' },
      ['terminated'],
      { outcome: 'ESCALATED', code: 'instance-gone', reason: `Isolated. ${wordsOfLoss.terminated}` },
    ],
    [
      { outcome: 'PARTIAL', code: 'not-contained' },
      ['stopped'],
      { outcome: 'PARTIAL', code: 'not-contained', reason: `Isolated. ${wordsOfLoss.stopped}` },
    ],
  ])('that ended with %j and lost %j is never green', (change, lost, expected) => {
    expect(asLost(end(change), lost)).toEqual(expected);
  });

  test.each(['terminated', 'stopped'] as const)('says what is lost with an instance that was %s', (loss) => {
    expect(wordsOfLoss[loss]).toMatch(
      new RegExp(`was ${loss} while its isolation was under way\\. Its memory is lost`),
    );
  });
});

test.each([
  ['LeaseLostError', 'lease-lost'],
  ['ProtectedInstanceError', 'protected'],
  ['NotOursError', 'stopped-by-others'],
  ['NoSuchEntityException', 'no-such-entity'],
  ['ErrorOfMine', 'error-of-mine'],
  ['Lambda.SdkClientException', 'lambda-sdk-client'],
  ['States..Runtime', 'states-runtime'],
])('the error %s has the code %s', (error, code) => {
  expect(codeNameOf(error)).toBe(code);
});

describe('an event', () => {
  const stage = { STAGE: 'prod' };
  const incident = {
    incidentId: 'inc-1',
    executionId,
    playbook: 'restart-instance',
    mode: 'act' as const,
    drill: false,
    trigger: 'alarm' as const,
    openedAt: '2026-11-24T02:00:00.000Z',
    instanceId,
    alarm: { alarmName: `cpu\nhigh${'x'.repeat(300)}` },
    finding: { type: 'Backdoor:EC2/C&CActivity.B' },
  } as Parameters<typeof openedEvent>[0];
  const base = {
    version: '1',
    incidentId: 'inc-1',
    playbook: 'restart-instance',
    stage: 'prod',
    mode: 'act',
    drill: false,
    executionArn: executionId,
    instanceId,
    findingType: 'Backdoor:EC2/C&CActivity.B',
  };

  test('of an opened incident says what it is, on one line each', () => {
    const { type, detail } = openedEvent(incident, stage);

    expect(type).toBe('incident.opened');
    expect(detail).toMatchObject({ ...base, trigger: 'alarm', openedAt: '2026-11-24T02:00:00.000Z' });
    const { alarmName } = detail as { alarmName: string };
    expect(alarmName).toHaveLength(255);
    expect(alarmName).not.toContain('\n');
  });

  test('of a closed incident says how it ended, and whether well', () => {
    const conclusion = { outcome: 'ESCALATED', code: 'stop-hangs', reason: 'x'.repeat(2000) } as const;
    const closedAt = '2026-11-24T03:00:00.000Z';
    const { type, detail } = closedEvent(incident, { ...conclusion, closedAt }, stage);

    expect(type).toBe('incident.closed');
    expect(detail).toMatchObject({
      ...base,
      ...{ closedAt, outcome: 'ESCALATED', code: 'stop-hangs', severity: 'page', endedWell: false },
      reason: 'x'.repeat(1024),
    });
  });

  test('of a request for approval says what is asked, and leaves out what there is not', () => {
    const question = {
      ...{ questionId: 'q-0123456789ab', subject: 'isolate' as const, what: 'y'.repeat(3000), needed: 2 },
      ...{ askedAt: '2026-11-24T02:00:00.000Z', answerBy: '2026-11-24T03:00:00.000Z' },
    };
    const { alarm: _alarm, finding: _finding, instanceId: _instance, ...plain } = incident;
    const { type, detail } = askedEvent({ ...plain, executionId: 'execution' }, question, stage);

    expect(type).toBe('approval.asked');
    expect(detail).toEqual({
      ...{ version: '1', incidentId: 'inc-1', playbook: 'restart-instance', stage: 'prod', mode: 'act', drill: false },
      ...question,
      what: 'y'.repeat(2048),
    });
  });
});

test.each<[Code, boolean]>([
  ['starts-fail-here', true],
  ['health-issue-open', true],
  ['group-full', true],
  ['too-many-isolations', true],
  ['stop-hangs', false],
])('%s recurs for the whole fleet, so that it is told once an hour: %s', (code, once) => {
  const of = { playbook: 'restart-instance', trigger: 'alarm' as const };

  expect(isReportedOnce(of, { outcome: 'ESCALATED', code, reason: 'r' })).toBe(once);
  expect(isReportedOnce(of, { outcome: 'SKIPPED', code, reason: 'r' })).toBe(false);
});
