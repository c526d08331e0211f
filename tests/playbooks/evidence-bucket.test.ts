import { createHash } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { readItems } from '../../drill/scenario/incidents';
import type { DrillResult } from '../../drill/scenario/result';
import type { Stack } from '../../drill/stack/stack';
import { table } from '../../functions/shared/clients/dynamodb';
import { drill, type Given, instanceId, onlyIncident } from '../fixtures/drill';

const isolation: Given = {
  stage: 'staging',
  playbook: 'isolate-instance',
  starts: { by: 'manual' },
  answers: [{ subject: 'isolate', answer: 'yes' }],
  fleet: [{ instanceId }],
};
const writes = ({ ledger }: DrillResult) => ledger.filter(({ service }) => service === 's3');
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const objectSchema = z.object({ key: z.string(), versionId: z.string(), sha256: z.string() });

/** Runs an isolation. @returns its result, the versions in the bucket and what the record has of them */
async function isolate(given: Given = {}) {
  let stack: Stack | undefined;
  const result = await drill({ ...isolation, ...given }, (up) => {
    stack = up;
  });
  const tables = stack!.resources.filter(({ type }) => type === 'AWS::DynamoDB::Table');
  const items = await readItems(tables, stack!.dynamoDb);
  const beforeOf = (key: string) =>
    items.find((item) => item.key === key)?.before as Record<string, unknown> | undefined;
  const listed = z.array(objectSchema).parse(beforeOf('evidence-locked')?.objects ?? []);
  return { result, versions: stack!.cloud.s3.versions, listed, manifest: beforeOf('manifest') };
}

test('an isolation locks its evidence for as long as the stage says, and records version and hash of every object', async () => {
  const { result, versions, listed } = await isolate();
  const { incidentId, outcome, closedAt } = onlyIncident(result);

  expect(outcome).toBe('CONTAINED');
  expect(versions.map(({ key }) => key.replace(`isolations/${incidentId}/`, '')).sort()).toEqual(
    ['console', 'incident', 'instance', 'manifest', 'network', 'saved'].map((name) => `${name}.json`),
  );
  expect(listed.map(({ versionId }) => versionId).sort()).toEqual(versions.map(({ versionId }) => versionId).sort());
  for (const one of listed) {
    expect(one.sha256).toBe(sha256(versions.find(({ versionId }) => versionId === one.versionId)!.text));
  }
  const days = versions.map(({ retainUntil = 0 }) => (retainUntil - Date.parse(closedAt!)) / 86_400_000);
  expect(Math.min(...days)).toBeGreaterThan(399);
  expect(Math.max(...days)).toBeLessThanOrEqual(400);
});

test('the object with the saved states has the hash that a release compares', async () => {
  const { versions, manifest } = await isolate();

  expect(sha256(versions.find(({ key }) => key.endsWith('/saved.json'))!.text)).toBe(manifest?.sha256);
});

test('a bucket that refuses does not keep the instance from being cut off, and is never green', async () => {
  const { result, versions } = await isolate({ faults: [{ name: 'api-denied', command: 'PutObject' }] });
  const incident = onlyIncident(result);

  expect(incident).toMatchObject({ outcome: 'PARTIAL', code: 'not-contained' });
  expect(incident.reason).toContain('Missing: locked copy of its evidence.');
  expect(incident.reason).toContain('AccessDenied');
  expect(versions).toEqual([]);
  const cut = result.ledger.filter(({ command }) => command === 'ModifyNetworkInterfaceAttribute');
  expect(cut.filter(({ effective }) => effective)).toHaveLength(2);
});

test('a bucket that is busy is asked again', async () => {
  const { result, listed } = await isolate({
    faults: [{ name: 'api-refused', command: 'PutObject', code: 'SlowDown', times: 2 }],
  });

  expect(listed).toHaveLength(6);
  expect(onlyIncident(result).outcome).toBe('CONTAINED');
});

test('a crash after a write makes further versions, and the record names those that count', async () => {
  const { result, versions, listed } = await isolate({
    faults: [{ name: 'crash-after-call', command: 'PutObject', n: 6 }],
  });

  expect(onlyIncident(result).outcome).toBe('CONTAINED');
  expect(versions.length).toBeGreaterThan(6);
  expect(listed).toHaveLength(6);
});

test('the cut never waits for the bucket', async () => {
  const { result } = await isolate();
  const at = (name: string) => result.ledger.findIndex(({ command }) => command === name);

  expect(at('PutObject')).toBeGreaterThan(at('ModifyNetworkInterfaceAttribute'));
});

test('a stage without a bucket writes nothing and misses nothing', async () => {
  const { result } = await isolate({ stage: 'dev' });

  expect(onlyIncident(result).outcome).toBe('CONTAINED');
  expect(writes(result)).toEqual([]);
});

/** Runs an isolation in which something happens each time that a state of its machine begins. */
async function isolateWhile(state: string, happens: (stack: Stack) => void, given: Given = {}) {
  let stack: Stack | undefined;
  const up = (one: Stack) => {
    stack = one;
  };
  return drill({ ...isolation, ...given }, up, {
    onEvent: (_execution, event) => {
      if (event.type === 'StateEntered' && event.state === state) happens(stack!);
    },
  });
}
/** A state that a step saves when its time is over, as the table then has it. */
const saveLate = ({ cloud, variables }: Stack, incidentId: string) =>
  cloud.asCaller({ functionName: 'incident-playbooks-staging-swap-profile', executionId: 'late', stateName: 'x' }, () =>
    table.send(
      new PutCommand({
        TableName: variables.TABLE_NAME,
        Item: {
          pk: `EVIDENCE#${incidentId}`,
          sk: 'ENTRY#changed#profile',
          key: 'changed#profile',
          at: '2026-03-02T09:10:00.000Z',
          what: 'Replacing the instance profile.',
          before: { associationId: 'iip-assoc-1', arn: 'arn:aws:iam::123456789012:instance-profile/web' },
        },
      }),
    ),
  );

test('a state that is saved between the copy and the verdict makes the copy incomplete, and the verdict says so', async () => {
  const { result: first } = await isolate();
  const { incidentId } = onlyIncident(first);
  let saving: Promise<unknown> | undefined;
  const result = await isolateWhile('Judge isolation', (stack) => {
    saving = saveLate(stack, incidentId);
  });
  await saving;

  expect(onlyIncident(result)).toMatchObject({ incidentId, outcome: 'PARTIAL' });
  expect(onlyIncident(result).reason).toContain('Missing: locked copy of its evidence.');
});

test('a copy that is taken and not recorded, because the step crashes before, is taken again', async () => {
  const { result, versions, listed } = await isolate({
    faults: [{ name: 'crash-before-call', command: 'PutItem', state: 'Lock evidence', n: 1 }],
  });

  expect(onlyIncident(result).outcome).toBe('CONTAINED');
  expect(versions).toHaveLength(12);
  expect(listed).toHaveLength(6);
});

test('a record that cannot be written after the copy is told: the evidence is there, and the verdict does not claim it', async () => {
  const { result, versions } = await isolate({
    faults: [{ name: 'api-denied', command: 'PutItem', state: 'Lock evidence' }],
  });

  expect(versions.length).toBeGreaterThanOrEqual(6);
  expect(onlyIncident(result).outcome).toBe('PARTIAL');
  expect(onlyIncident(result).reason).toContain('Missing: locked copy of its evidence.');
});

test.each(['crash-before-call', 'crash-after-call'])(
  'the verdict comes once, whatever crashes in it: %s',
  async (name) => {
    const { result, listed } = await isolate({
      faults: [{ name, command: 'PutItem', state: 'Judge isolation', n: 1 }],
    } as Given);

    expect(onlyIncident(result).outcome).toBe('CONTAINED');
    expect(listed).toHaveLength(6);
  },
);
