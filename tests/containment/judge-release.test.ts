import type { Environment } from '../../functions/containment/environment';
import { handler } from '../../functions/containment/judge-release';
import { quarantineTag } from '../../functions/guard/tags';
import { ec2 } from '../../functions/shared/clients/ec2';
import { awsError } from '../fixtures/answering';
import { config } from '../fixtures/config';
import {
  answeringInstance,
  beforeIsolation as before,
  described,
  leasedIncident,
  putItem,
  readItemOf,
} from '../fixtures/containing';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';
import { startTable } from '../fixtures/table';

const at = '2026-11-24T02:00:00.000Z';
const saved = {
  tag: {},
  'termination-protection': { enabled: false },
  'interface#eni-1': before.interfaces[0]!,
};

let stop: () => Promise<void>;
let count = 0;
let now: Environment;
let read: () => void;

beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());
beforeEach(() => {
  setEnvironment();
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  now = before;
  read = () => undefined;
  answeringInstance([ec2], () => {
    read();
    return described(now);
  });
});

/** A release whose every step has worked, as its last step is given it. */
async function released(wasInService = false) {
  const isolatedBy = `inc-${String(count++).padStart(20, 'b')}`;
  const put = (key: string, more: object) =>
    putItem({ pk: `EVIDENCE#${isolatedBy}`, sk: `ENTRY#${key}`, key, at, what: key, ...more });
  const keys = Object.keys(saved).map((key) => `changed#${key}`);
  for (const [key, one] of Object.entries(saved)) await put(`changed#${key}`, { before: one });
  await put('manifest', { before: { changes: keys } });
  if (wasInService) await put('out-of-service-requested', { before: { group: 'web', targets: [] } });
  const restores = Object.keys(saved).map((key) => {
    const [kind, id = ''] = key.split('#');
    return { change: { kind, id } };
  }) as { change: { kind: string; id: string }; failure?: object }[];
  return { ...(await leasedIncident('release-instance')), isolatedBy, restores };
}
const judge = (incident: object) => handler({ incident } as never, lambdaContext);
const releasedBy = (isolatedBy: string) => readItemOf(`INCIDENT#${isolatedBy}`, 'ENTRY#released');

test('an instance that is as it was is released; the isolation’s record says so, and the end is recorded', async () => {
  const incident = await released();

  expect(await judge(incident)).toEqual({
    missing: [],
    conclusion: {
      outcome: 'RELEASED',
      code: 'released',
      reason: `All changes of incident ${incident.isolatedBy} (3) are reverted and verified.`,
    },
  });
  expect(await releasedBy(incident.isolatedBy)).toMatchObject({
    what: `Incident ${incident.incidentId} restored everything.`,
  });
  expect(await readItemOf(`INCIDENT#${incident.incidentId}`, 'END#RELEASED#released')).toBeDefined();
});

test.each<[string, Partial<Environment>, string]>([
  ['with the quarantine tag', { instance: { ...before.instance, tags: { [quarantineTag]: 'inc-1' } } }, 'tag'],
  ['with termination protection', { terminationProtected: true }, 'termination-protection'],
  ['in a quarantine group', { interfaces: [{ ...before.interfaces[0]!, groupIds: ['sg-closed'] }] }, 'interface eni-1'],
  ['without an interface', { interfaces: [] }, 'interface eni-1'],
])('an instance that is %s is not released, whatever the steps say', async (_what, change, missing) => {
  const incident = await released();
  const tags = { [config.OPT_IN_TAG]: 'true', ...(change.instance?.tags ?? {}) };
  now = { ...before, ...change, instance: { ...before.instance, tags } };

  expect(await judge(incident)).toEqual({
    missing: [missing],
    conclusion: {
      outcome: 'PARTIAL',
      code: 'not-released',
      reason: `Not everything is restored. Missing: ${missing}.`,
    },
  });
  expect(await releasedBy(incident.isolatedBy)).toBeUndefined();
});

test('a step that failed is named with its error, and what it did not restore', async () => {
  const incident = await released();
  const failure = (message: string) => ({ Error: 'SomeError', Cause: JSON.stringify({ errorMessage: message }) });
  incident.restores[0]!.failure = failure('It was busy');
  incident.restores[2]!.failure = failure('No such group');
  now = { ...before, interfaces: [] };

  expect((await judge(incident)).missing).toEqual([
    'interface eni-1',
    expect.stringMatching(/^tag \(.*It was busy.*\)$/),
    expect.stringMatching(/^interface eni-1 \(.*No such group.*\)$/),
  ]);
});

test('an instance that was in service has to be back there', async () => {
  const incident = await released(true);

  expect((await judge(incident)).missing).toEqual(['not back in service']);
  expect((await judge({ ...incident, returning: { verdict: 'OVERDUE' } })).missing).toEqual(['not back in service']);
  expect((await judge({ ...incident, returning: { verdict: 'DONE' } })).conclusion.outcome).toBe('RELEASED');
});

test('a long list of what is missing is cut where the record ends', async () => {
  const incident = await released();
  const failure = { Error: 'SomeError', Cause: 'x'.repeat(400) };
  incident.restores = Array.from({ length: 8 }, (_, n) => ({ change: { kind: 'interface', id: `eni-${n}` }, failure }));

  expect((await judge(incident)).conclusion.reason).toHaveLength(2000);
});

test('a record that lacks what the isolation saved, or a read that fails, is no release', async () => {
  const incident = await released();
  await expect(judge({ ...incident, isolatedBy: 'inc-none' })).rejects.toMatchObject({ name: 'RecordIncompleteError' });

  read = () => {
    throw awsError('UnauthorizedOperation');
  };
  await expect(judge(incident)).rejects.toMatchObject({ name: 'NotAuthorizedError' });
  expect(await releasedBy(incident.isolatedBy)).toBeUndefined();
});
