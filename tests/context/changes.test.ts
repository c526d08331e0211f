import type { Change } from '../../functions/context/change';
import { type Changes, mergeChanges, newestOf, tellChanges, withElsewhere } from '../../functions/context/changes';
import { hasIdentityHistory, identitiesOf } from '../../functions/context/identity';
import { lookElsewhere } from '../../functions/context/look-elsewhere';
import { codeDeploy, scalingActivities, sentCommands } from '../../functions/shared/clients/activity';
import { profiles } from '../../functions/shared/clients/profiles';
import { answering, awsError } from '../fixtures/answering';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 24, 2, minute));
const since = at(0);
const instanceId = 'i-0123456789abcdef0';
const change = (id: string, minute: number, more: Partial<Change> = {}): Change => ({
  id,
  at: at(minute).toISOString(),
  what: 'ModifyInstanceAttribute',
  resource: instanceId,
  who: 'admin/alice',
  from: '198.51.100.7',
  ...more,
});
const looked = (change: Partial<Changes> = {}): Changes => ({
  resources: [instanceId],
  since: since.toISOString(),
  asOf: at(30).toISOString(),
  changes: [],
  ...change,
});
const nothing = {
  DescribeScalingActivities: () => ({ Activities: [] }),
  ListDeployments: () => ({ deployments: [] }),
  ListCommands: () => ({ Commands: [] }),
};
const answer = (given: Record<string, (input: never) => unknown>) => {
  for (const client of [codeDeploy, profiles, scalingActivities, sentCommands])
    answering(client, () => ({ ...nothing, ...given }));
};

beforeEach(() => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});

test('of all sources at most ten changes are kept, each once, the newest first', () => {
  const many = Array.from({ length: 12 }, (_, n) => change(`e-${n}`, n));
  const kept = withElsewhere(looked({ changes: many.slice(0, 8) }), [...many.slice(6)], []).changes;

  expect(kept.map(({ id }) => id)).toEqual(['e-11', 'e-10', 'e-9', 'e-8', 'e-7', 'e-6', 'e-5', 'e-4', 'e-3', 'e-2']);
});

test('long names leave out the oldest changes rather than all of them', () => {
  const many = Array.from({ length: 10 }, (_, n) =>
    change(`e-${n}`, n, { who: '界'.repeat(60), detail: '界'.repeat(60) }),
  );
  const kept = newestOf(many);

  expect(Buffer.byteLength(JSON.stringify(kept))).toBeLessThan(3_100);
  expect(kept.length).toBeGreaterThan(3);
  expect(kept[0]?.id).toBe('e-9');
});

test('a command and the event of CloudTrail that says who sent it are one change', () => {
  const command = change('c-1', 5, { what: 'SendCommand', who: 'unknown', from: 'ssm.amazonaws.com' });
  const event = change('e-1', 5, { what: 'SendCommand' });

  expect(newestOf([command, event])).toEqual([{ ...command, who: 'admin/alice', from: '198.51.100.7' }]);
  expect(newestOf([command, { ...event, at: at(7).toISOString() }])).toHaveLength(2);
});

test('what only the first look could not read stays unknown after the second', () => {
  const first = withElsewhere(
    looked({ changes: [change('e-1', 3)] }),
    [],
    ['CodeDeploy was not read (NotAuthorizedError).'],
  );
  const both = mergeChanges(first, looked({ asOf: at(50).toISOString(), changes: [change('e-2', 4)] }));

  expect(both.changes.map(({ id }) => id)).toEqual(['e-2', 'e-1']);
  expect(tellChanges(both, at(20))).toMatch(
    /^What changed \(as known at 02:50 UTC\): 16 minutes before.*CodeDeploy was not read/,
  );
});

test('a second look that was denied keeps what the first one knew, and when', () => {
  const first = looked({ changes: [change('e-1', 3)] });
  const both = mergeChanges(first, looked({ asOf: at(50).toISOString(), unknown: 'CloudTrail was not read (x).' }));

  expect(both).toMatchObject({ asOf: first.asOf, changes: first.changes, unknown: 'CloudTrail was not read (x).' });
});

test('an activity of the group is found by the instance in its description, or stands for the group', async () => {
  const activity = (ActivityId: string, Description: string) => ({
    ActivityId,
    Description,
    StartTime: at(5),
    StatusCode: 'Successful',
  });
  answer({
    DescribeScalingActivities: (input: { Filters: object[] }) => {
      expect(input.Filters).toEqual([{ Name: 'StartTimeLowerBound', Values: [since.toISOString()] }]);
      return { Activities: [activity('a', `Terminating EC2 instance: ${instanceId}`), activity('b', 'Launching i-9')] };
    },
  });
  const { changes } = await lookElsewhere({ instanceId, groupOf: async () => 'web' }, since);

  expect(changes.map(({ resource, detail }) => `${resource}: ${detail}`)).toEqual([
    `${instanceId}: Successful: Terminating EC2 instance: ${instanceId}`,
    'web: Successful: Launching i-9',
  ]);
});

test('only deployments to the instance count, of the newest five', async () => {
  const asked: string[] = [];
  answer({
    ListDeployments: () => ({ deployments: ['d-1', 'd-2', 'd-3', 'd-4', 'd-5', 'd-6'] }),
    BatchGetDeployments: ({ deploymentIds }: { deploymentIds: string[] }) => ({
      deploymentsInfo: deploymentIds.map((deploymentId, minute) => ({
        deploymentId,
        applicationName: 'shop\u001b[31m',
        creator: 'user',
        status: 'Succeeded',
        createTime: at(minute),
      })),
    }),
    BatchGetDeploymentTargets: ({ deploymentId, targetIds }: { deploymentId: string; targetIds: string[] }) => {
      asked.push(deploymentId);
      expect(targetIds).toEqual([instanceId]);
      if (deploymentId !== 'd-4') throw awsError('DeploymentTargetDoesNotExistException');
      return { deploymentTargets: [{}] };
    },
  });
  const { changes, unknown } = await lookElsewhere({ instanceId, groupOf: async () => undefined }, since);

  expect(asked).toEqual(['d-6', 'd-5', 'd-4', 'd-3', 'd-2']);
  expect(changes.map(({ detail }) => detail)).toEqual(['shop [31m, d-4, Succeeded']);
  expect(unknown).toBeUndefined();
});

test('of a command neither its parameters nor our own ones are told', async () => {
  const command = (CommandId: string, Comment: string) => ({
    CommandId,
    Comment,
    DocumentName: 'AWS-RunShellScript',
    RequestedDateTime: at(5),
    Status: 'Success',
    Parameters: { commands: ['password=PLANTED'] },
  });
  answer({
    ListCommands: (input: { Filters: object[] }) => {
      expect(input.Filters).toEqual([{ key: 'InvokedAfter', value: '2026-11-24T02:00:00Z' }]);
      return { Commands: [command('c-1', ''), command('c-2', 'inc-0123456789abcdef0123')] };
    },
  });
  const { changes } = await lookElsewhere({ instanceId, groupOf: async () => undefined }, since);

  expect(changes.map(({ id, detail }) => `${id} ${detail}`)).toEqual(['c-1 AWS-RunShellScript, Success']);
  expect(JSON.stringify(changes)).not.toContain('PLANTED');
});

test('row 75: a source that is denied is named as unknown, and the others are told', async () => {
  answer({
    ListDeployments: () => {
      throw awsError('AccessDeniedException');
    },
    DescribeScalingActivities: () => ({ Activities: [{ ActivityId: 'a', StartTime: at(5), Description: 'x' }] }),
  });
  const { changes, unknown } = await lookElsewhere({ instanceId, groupOf: async () => 'web' }, since);

  expect(changes).toHaveLength(1);
  expect(unknown).toBe('CodeDeploy was not read (NotAuthorizedError).');
});

test('the role of a profile is known by its own name, and its history only where a document says where it is', async () => {
  answer({ GetInstanceProfile: () => ({ InstanceProfile: { Roles: [{ RoleName: 'web-role' }] } }) });

  expect(await identitiesOf('arn:aws:iam::123456789012:instance-profile/team/web')).toEqual(['web-role', 'web']);
  expect(hasIdentityHistory('arn:aws:iam::123456789012:instance-profile/web')).toBe(true);
  expect(hasIdentityHistory('arn:aws-cn:iam::123456789012:instance-profile/web')).toBe(false);
  expect(hasIdentityHistory('arn:aws-us-gov:iam::123456789012:instance-profile/web')).toBe(false);
});
