import { loadScenario } from '../../drill/scenario/load';
import { runScenario } from '../../drill/scenario/run';
import { drill, type Given, onlyIncident } from '../fixtures/drill';

const off: Given = {
  playbook: 'investigate-alarm',
  parameters: { TrailLogGroup: '/aws/trail' },
  fleet: [{}],
  account: {
    logGroups: [{ name: '/aws/trail' }],
    changes: [
      {
        minute: 1,
        eventName: 'StopLogging',
        source: 'cloudtrail.amazonaws.com',
        resource: 'main',
        parameters: { name: 'main' },
        identity: 'user',
        by: 'arn:aws:iam::123456789012:user/eve',
        accessKeyId: 'AKIAQWERTYUIOPASDFGH',
        logGroup: '/aws/trail',
      },
    ],
  },
};

test('a trail that is switched off is told with who, what else, and what would stop it', async () => {
  const result = await runScenario(await loadScenario('trail-switched-off'));
  const { reason } = onlyIncident(result);

  expect(reason).toContain('deploy/ci did StopLogging on main at 09:01 UTC from 192.0.2.77');
  // What the trail no longer delivers is in the event history; the other session of that name is not this one.
  expect(reason).toMatch(
    /Within the hour deploy\/ci did \(as known at \d\d:\d\d UTC\): CreateUser, StopLogging; 1 read/,
  );
  expect(reason).not.toContain('DeleteBucket');
  expect(reason).toContain('aws cloudtrail start-logging --name main --region us-east-1');
  expect(reason).toContain('revoke the sessions of the role deploy');
  expect(result.notices[0]?.subject).toBe('PAGE ESCALATED: investigate-alarm investigate-alarm-dev-trail-change');
});

test('it changes nothing: it reads, records and tells', async () => {
  const result = await drill(off);
  const changed = result.ledger.filter(({ effective, service }) => effective && service !== 'dynamodb');

  expect(changed.map(({ command }) => command)).toEqual(['Publish']);
  expect(onlyIncident(result).reason).toContain(
    'aws iam update-access-key --user-name eve --access-key-id AKIAQWERTYUIOPASDFGH --status Inactive',
  );
});

test('what happened has happened: an alarm that is OK again is investigated all the same', async () => {
  const result = await drill({ ...off, delivery: { delayMs: 30 * 60_000 } });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'ESCALATED', code: 'investigated' });
  expect(onlyIncident(result).reason).toContain('eve did StopLogging');
});

describe.each([
  [
    'CloudTrail denied',
    { name: 'api-denied', command: 'LookupEvents' },
    'What else eve did within the hour is not known',
    'eve did StopLogging',
  ],
  [
    'CloudTrail throttled',
    { name: 'api-throttled', command: 'LookupEvents', times: 100 },
    'What else eve did within the hour is not known',
    'eve did StopLogging',
  ],
  [
    'logs denied',
    { name: 'api-denied', command: 'FilterLogEvents' },
    'Which lines it is about is not known',
    'A trail was changed',
  ],
  [
    'logs throttled',
    { name: 'api-throttled', command: 'DescribeMetricFilters', times: 100 },
    'Which lines it is about is not known',
    'A trail was changed',
  ],
])('row 75: %s', (_what, fault, unknown, known) => {
  test('is told as unknown, and what is known is told all the same', async () => {
    const result = await drill({ ...off, faults: [fault] as never });
    const { reason } = onlyIncident(result);

    expect(onlyIncident(result)).toMatchObject({ outcome: 'ESCALATED', code: 'investigated' });
    expect(reason).toContain(unknown);
    expect(reason).toContain(known);
    expect(result.executions[0]!.endedAt! - result.executions[0]!.startedAt).toBeLessThan(60_000);
  });
});

test('a log group that is gone is told', async () => {
  const gone: Given = { ...off, account: { ...off.account, logGroups: [{ name: '/aws/trail', deletedAtMinute: 9 }] } };
  const { reason } = onlyIncident(await drill(gone));

  expect(reason).toContain('the log group /aws/trail no longer exists');
});

test('what a playbook of this stage did itself is no reason for a page', async () => {
  const by = 'arn:aws:sts::123456789012:assumed-role/incident-playbooks-dev-swap-groups/session';
  const change = { minute: 1, eventName: 'AuthorizeSecurityGroupIngress', by, logGroup: '/aws/trail' };
  const account = { ...off.account, changes: [change] };

  expect(onlyIncident(await drill({ ...off, account }))).toMatchObject({ outcome: 'SKIPPED', code: 'own-change' });
});

test('and what somebody else did at the same time is one', async () => {
  const by = 'arn:aws:sts::123456789012:assumed-role/incident-playbooks-dev-swap-groups/session';
  const change = { minute: 1, eventName: 'AuthorizeSecurityGroupIngress', logGroup: '/aws/trail' };
  const account = { ...off.account, changes: [{ ...change, by }, change] };

  expect(onlyIncident(await drill({ ...off, account }))).toMatchObject({ outcome: 'ESCALATED' });
});
