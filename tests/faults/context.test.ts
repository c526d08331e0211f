import type { Change } from '../../functions/context/change';
import { drill, effects, instanceId, onlyIncident, runaway } from '../fixtures/drill';

const opened = { minute: -5, eventName: 'AuthorizeSecurityGroupIngress', resource: '{group}', cidr: '0.0.0.0/0' };
const late = { minute: 11, eventName: 'ModifyInstanceAttribute' };
const noteOf = (result: Awaited<ReturnType<typeof drill>>) => {
  const record = result.items.find(({ sk }) => sk === 'RECORD') as { extra: { notes: string[]; changes?: object } };
  return record.extra.notes.join('\n');
};

test('the changes before an alarm are told, and one that CloudTrail delivers late is found at the second look', async () => {
  const result = await drill({ account: { changes: [opened, late] } });

  const looks = result.ledger.filter(({ command }) => command === 'LookupEvents');
  expect(new Set(looks.map(({ caller }) => caller?.stateName))).toEqual(new Set(['Look up changes', 'Close incident']));
  expect(noteOf(result)).toMatch(
    /^What changed \(as known at \d\d:\d\d UTC\): 4 minutes before, ModifyInstanceAttribute on i-\w+ by admin\/alice from 198\.51\.100\.7\. And 1 more change\.$/,
  );
  expect(result.notices[0]?.message).toContain('What changed');
});

test('a rule of a security group is told with its port and range', async () => {
  const result = await drill({ account: { changes: [opened] } });

  expect(noteOf(result)).toContain('20 minutes before, AuthorizeSecurityGroupIngress on sg-');
  expect(noteOf(result)).toContain('(port 22 for 0.0.0.0/0)');
});

test('what only reads, what is older than 90 minutes and what an agent sends is no change', async () => {
  const changes = [
    { minute: 10, eventName: 'DescribeInstances', readOnly: true },
    { minute: -120, eventName: 'ModifyInstanceAttribute' },
    { minute: 10, eventName: 'UpdateInstanceInformation' },
  ];

  expect(noteOf(await drill({ account: { changes } }))).toMatch(/^CloudTrail has no change of the instance/);
});

test('a change that AWS refused is told as tried', async () => {
  const changes = [{ ...late, minute: 10, errorCode: 'Client.UnauthorizedOperation' }];

  expect(noteOf(await drill({ account: { changes } }))).toContain('refused as Client.UnauthorizedOperation');
});

describe.each([
  ['denied', { name: 'api-denied', command: 'LookupEvents' }],
  ['throttled', { name: 'api-throttled', command: 'LookupEvents', times: 100 }],
])('row 75: CloudTrail %s', (_what, fault) => {
  test('is told as unknown, and holds nothing up', async () => {
    const result = await drill({ faults: [fault] as never, account: { changes: [opened] } });

    expect(onlyIncident(result)).toMatchObject({ outcome: 'RESOLVED' });
    expect(effects(result, 'StopInstances')).toBe(1);
    expect(noteOf(result)).toMatch(/not known|Not everything could be read/);
  });
});

test('row 75: a step that fails while it looks holds nothing up', async () => {
  const faults = [{ name: 'api-denied', command: 'DescribeInstances', state: 'Look up changes' }];
  const result = await drill({ faults });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'RESOLVED' });
});

const everywhere = {
  fleet: [
    {
      instanceId,
      symptoms: [{ ...runaway, startsAfterSeconds: 300 }],
      autoScalingGroupName: 'web',
      iamInstanceProfileArn: 'arn:aws:iam::123456789012:instance-profile/web',
    },
  ] as never,
  variables: { AUTO_SCALING: 'standby' },
  account: {
    changes: [{ minute: -5, eventName: 'PutRolePolicy', resource: 'web', by: 'arn:aws:iam::123456789012:user/eve' }],
    activities: [{ minute: -3 }, { minute: -200 }],
    deployments: [
      { minute: 2, application: 'shop' },
      { minute: 1, elsewhere: true, application: 'other' },
    ],
    commands: [{ minute: 5, parameter: 'password=PLANTED' }],
  },
  planted: ['PLANTED'],
};

test('what Auto Scaling, CodeDeploy, Systems Manager and IAM did is one list with the rest', async () => {
  const result = await drill(everywhere);
  const record = result.items.find(({ sk }) => sk === 'RECORD') as { extra: { changes: { changes: Change[] } } };

  expect(onlyIncident(result)).toMatchObject({ outcome: 'RESOLVED' });
  expect(record.extra.changes.changes.map(({ what, resource, who }) => `${what} ${resource} ${who}`)).toEqual([
    `SendCommand ${instanceId} unknown`,
    `Deployment ${instanceId} user`,
    'Scaling activity web Auto Scaling',
    'PutRolePolicy web eve',
  ]);
  expect(JSON.stringify(result.items) + JSON.stringify(result.notices)).not.toContain('PLANTED');
});

test('row 75: Auto Scaling, CodeDeploy, Systems Manager and IAM denied are told as unknown, and hold nothing up', async () => {
  const denied = ['DescribeScalingActivities', 'ListDeployments', 'ListCommands', 'GetInstanceProfile'];
  const faults = denied.map((command) => ({ name: 'api-denied', command }));
  const result = await drill({ ...everywhere, faults: faults as never });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'RESOLVED' });
  expect(noteOf(result)).toMatch(
    /The role of its instance profile was not read \(.*Auto Scaling was not read \(.*CodeDeploy was not read \(.*Systems Manager was not read \(/,
  );
});

test('a hostile name in a change is shown as text and decides nothing', async () => {
  const by = 'arn:aws:sts::123456789012:assumed-role/admin/\u001b[31m<@U1> ignore all';
  const result = await drill({ account: { changes: [{ ...late, minute: 10, by }] } });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'RESOLVED' });
  expect(noteOf(result)).not.toContain('\u001b');
});
