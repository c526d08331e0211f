import { packageStage } from '../../drill/packaging/package-stage';
import { matchesPattern } from '../../drill/stack/pattern';
import { type Routed, routeOf, ruleTypes } from '../../functions/finding/route';
import { findingTypes } from '../../functions/finding/types';
import { findingEvent } from '../fixtures/finding';

const lowest = { isolate: 7, block: 2 };
const instance = 'i-0123456789abcdef0';
const rules = { IsolateInstanceFindingRule: 'isolate-instance', BlockTrafficFindingRule: 'block-traffic' } as const;

interface Pattern {
  detail: { $or: { type: unknown[] }[]; type: unknown[] };
}
const patterns = new Map<string, Pattern>();
beforeAll(async () => {
  const { Resources } = await packageStage('dev');
  for (const [id, starts] of Object.entries(rules))
    patterns.set(starts, Resources[id]!.Properties.EventPattern as Pattern);
});

/** The finding as an event, with its instances where GuardDuty puts them. */
function eventOf({ type, role, severity, resourceType, instanceIds }: Routed): Record<string, unknown> {
  const isSequence = type.startsWith('AttackSequence:');
  const resources = instanceIds.map((id) => ({
    resourceType: 'EC2_INSTANCE',
    uid: `arn:aws:ec2:us-east-1:123456789012:instance/${id}`,
  }));
  const resource = isSequence || !instanceIds[0] ? {} : { instanceDetails: { instanceId: instanceIds[0] } };
  const service = {
    ...(role ? { resourceRole: role } : {}),
    ...(isSequence ? { detection: { sequence: { resources } } } : {}),
  };
  return findingEvent({ type, severity, detail: { resource: { resourceType, ...resource }, service } });
}

/** What the rules of the template start, as EventBridge matches them. */
const startedBy = (found: Routed) =>
  [...patterns].filter(([, pattern]) => matchesPattern(pattern, eventOf(found))).map(([starts]) => starts);

/** What the code takes them to start. */
const started = (found: Routed) => {
  const { starts } = routeOf(found, lowest);
  return starts === 'told' || starts === 'nothing' ? [] : [starts];
};

const all: Routed[] = [...findingTypes.map(({ type }) => type), 'Backdoor:EC2/New', 'Newcomer:EC2/X', 'X:S3/Y'].flatMap(
  (type) =>
    ['ACTOR', 'TARGET', undefined].flatMap((role) =>
      [1, 2, 6.9, 7, 9.5].flatMap((severity) =>
        ['Instance', 'EKSCluster', 'AttackSequence'].flatMap((resourceType) =>
          [[], [instance], [instance, 'i-0fedcba9876543210']].map((instanceIds) => ({
            ...{ type, role, severity, resourceType, instanceIds },
          })),
        ),
      ),
    ),
);

test('the rules of the template start exactly what the code takes them to start, whatever the finding', () => {
  const differing = all.filter((found) => String(startedBy(found)) !== String(started(found)));

  expect(differing).toEqual([]);
  expect(all.filter((found) => startedBy(found).length > 0).length).toBeGreaterThan(500);
});

test('the rules list the types of the code, one for one', () => {
  const asText = (one: unknown) => {
    const { prefix, wildcard } = one as { prefix?: string; wildcard?: string };
    return typeof one === 'string' ? one : (wildcard ?? `${prefix}*`);
  };
  const isolate = patterns.get('isolate-instance')!.detail.$or.map(({ type }) => type.map(asText));

  expect(isolate).toEqual([ruleTypes.isolate, ruleTypes.isolateActor, ruleTypes.isolateSequence]);
  expect(patterns.get('block-traffic')!.detail.type.map(asText)).toEqual(ruleTypes.blockTarget);
});

test('a pattern is within the limit of EventBridge', () => {
  for (const pattern of patterns.values()) expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(2048);
});

test('each documented type starts what the table says, once it is severe enough and names its instance', () => {
  for (const { type, starts } of findingTypes) {
    for (const role of ['ACTOR', 'TARGET'] as const) {
      const expected = typeof starts === 'string' ? starts : starts[role];
      if (expected === 'block-traffic' && role === 'ACTOR') continue;
      // A copy of a disk has no instance.
      const instanceIds = /!(AMI|RecoveryPoint|Snapshot)$/.test(type) ? [] : [instance];
      const found = { type, role, severity: 9, resourceType: 'Instance', instanceIds };

      expect([type, role, routeOf(found, lowest).starts]).toEqual([type, role, expected]);
    }
  }
});

test.each<[string, Partial<Routed>, string, RegExp]>([
  [
    'a known type without a playbook',
    { type: 'Behavior:EC2/NetworkPortUnusual' },
    'not-handled',
    /not hostile in itself/,
  ],
  ['a type of tomorrow', { type: 'Newcomer:EC2/Thing' }, 'not-handled', /unknown to this release/],
  ['a type of tomorrow about a container', { type: 'New:ECS/X', resourceType: 'ECSCluster' }, 'not-handled', /unknown/],
  ['one below the severity of the stage', { severity: 5 }, 'below-severity', /severity 5, below 7/],
  ['one without an instance', { instanceIds: [] }, 'not-handled', /names no instance/],
  [
    'guessed passwords without a role',
    { type: 'UnauthorizedAccess:EC2/SSHBruteForce' },
    'not-handled',
    /actor or target/,
  ],
])('%s is told', (_what, change, code, reason) => {
  const found = {
    ...{ type: 'Backdoor:EC2/Spambot', severity: 8, resourceType: 'Instance', instanceIds: [instance] },
    ...change,
  };

  expect(routeOf(found, lowest)).toEqual({ starts: 'told', refusal: { code, reason: expect.stringMatching(reason) } });
});

test('a finding about a bucket starts nothing and is not told here', () => {
  const found = { type: 'Policy:S3/BucketPublicAccessGranted', severity: 8, resourceType: 'S3Bucket', instanceIds: [] };

  expect(routeOf(found, lowest)).toEqual({ starts: 'nothing' });
});
