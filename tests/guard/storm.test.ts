import { DeleteCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { findingStorm, joinStorm, suspicionStorm } from '../../functions/guard/storm';
import type { NewIncident } from '../../functions/record/incident';
import { table } from '../../functions/shared/clients/dynamodb';
import { config as stage } from '../fixtures/config';
import { startTable } from '../fixtures/table';

const config = { ...stage, STORM_LIMIT: 3, STORM_WINDOW_MINUTES: 5 };
const at = (seconds: number) => new Date(Date.UTC(2026, 10, 24, 2, 0, seconds));
const incident = {
  incidentId: 'inc-child',
  executionId: 'execution',
  playbook: 'restart-instance',
  drill: false,
  mode: 'act',
} as NewIncident;
const join = (seconds: number, kind = undefined as Parameters<typeof joinStorm>[3]) =>
  joinStorm(incident, at(seconds), config, kind);
const items = async () => (await table.send(new ScanCommand({ TableName: config.TABLE_NAME }))).Items ?? [];
let stop: () => Promise<void>;
let written: string[];

beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());
beforeEach(async () => {
  for (const { pk, sk } of await items())
    await table.send(new DeleteCommand({ TableName: config.TABLE_NAME, Key: { pk, sk } }));
  written = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
});

test('as many incidents as the limit are no storm, and the next one is; all further ones have the same parent', async () => {
  const found = [await join(0), await join(10), await join(20), await join(30), await join(40)];

  expect(found.slice(0, 3)).toEqual([undefined, undefined, undefined]);
  expect(found[3]).toMatch(/^inc-/);
  expect(found[4]).toBe(found[3]);
});

test('the parent is one closed record, whose notice is due, and is counted once', async () => {
  for (const seconds of [0, 10, 20, 30, 40]) await join(seconds);
  const parents = (await items()).filter(({ sk }) => sk === 'RECORD');

  expect(parents).toHaveLength(1);
  expect(parents[0]).toMatchObject({
    pk: `INCIDENT#${parents[0]!.incidentId}`,
    trigger: 'storm',
    playbook: 'restart-instance',
    executionId: 'execution',
    drill: false,
    mode: 'act',
    status: 'CLOSED',
    outcome: 'ESCALATED',
    code: 'storm',
    reason:
      'More than 3 incidents started within 5 minutes. A single cause is likely, so automation takes no action. Find that cause.',
    openedAt: at(0).toISOString(),
    openedShard: expect.stringMatching(/^2026-11#[0-9a-f]$/),
    closedAt: at(30).toISOString(),
    extra: { notes: [] },
    noticeState: 'PENDING',
    expiresAt: at(30).getTime() / 1000 + config.RECORD_RETENTION_DAYS * 86_400,
  });
  expect(written.filter((line) => line.includes('"Storms"'))).toHaveLength(1);
});

test('incidents that are a window apart are counted anew', async () => {
  expect([await join(0), await join(10), await join(20)]).toEqual([undefined, undefined, undefined]);
  expect([await join(300), await join(310), await join(320)]).toEqual([undefined, undefined, undefined]);
  expect(await join(330)).toBeDefined();
});

test('a storm lasts as long as incidents follow each other within the window', async () => {
  const parent = (await Promise.all([join(0), join(0), join(0), join(0)])).find(Boolean);

  expect(parent).toBeDefined();
  expect(await join(290)).toBe(parent);
  expect(await join(580)).toBe(parent);
  expect(await join(880)).toBeUndefined();
});

test('many at once are each counted once', async () => {
  const found = await Promise.all(Array.from({ length: 12 }, () => join(0)));

  expect(found.filter((parent) => parent === undefined)).toHaveLength(3);
  expect(new Set(found.filter(Boolean)).size).toBe(1);
});

test('suspicions of patrols are counted apart, and their parent is no escalation', async () => {
  for (const seconds of [0, 1, 2]) await join(seconds);
  const found = [0, 1, 2, 3].map((seconds) => join(seconds, suspicionStorm));
  const parents = (await Promise.all(found)).filter(Boolean);

  expect(parents).toHaveLength(1);
  expect(await items()).toContainEqual(
    expect.objectContaining({
      incidentId: parents[0],
      outcome: 'SUSPECTED',
      reason: expect.stringContaining('More than 3 suspicions started within 5 minutes.'),
    }),
  );
});

describe('a storm that lasts', () => {
  const lasting = async (until: number) => {
    const found: (string | undefined)[] = [];
    for (let seconds = 0; seconds <= until; seconds += 120) found.push(await join(seconds));
    return new Set(found.slice(3));
  };
  const records = async () => (await items()).filter(({ sk }) => sk === 'RECORD');
  const sooner = { ...config, STORM_LIMIT: 0 };

  test('is told again after an hour, and not before, with its size and its first incident', async () => {
    const joining = (seconds: number) => joinStorm(incident, at(seconds), sooner);
    const begun = await joining(0);
    for (let seconds = 240; seconds < 3600; seconds += 240) await joining(seconds);
    expect(await records()).toHaveLength(1);
    expect(await joining(3600)).toBe(begun);

    const again = (await records()).find(({ incidentId }) => incidentId !== begun);
    expect(again).toMatchObject({
      status: 'CLOSED',
      code: 'storm',
      outcome: 'ESCALATED',
      openedAt: at(0).toISOString(),
      closedAt: at(3600).toISOString(),
      reason: `The storm that began at ${at(0).toISOString()} goes on: 16 instances so far (incident ${begun}), and automation takes no action. Find that cause.`,
    });
    await joining(3601);
    expect(await records()).toHaveLength(2);
  });

  test('has one parent, whatever its length', async () => {
    expect((await lasting(1200)).size).toBe(1);
  });

  test('of findings says so, and where to read them', async () => {
    await joinStorm(incident, at(0), sooner, findingStorm);

    expect((await records())[0]).toMatchObject({
      outcome: 'ESCALATED',
      reason:
        'More than 0 findings that no playbook handles started within 5 minutes. A single cause is likely, so the others are recorded without a notice each. Read them in GuardDuty.',
    });
  });

  test('is an event when it begins and as it ends, once', async () => {
    for (const seconds of [0, 1]) await joinStorm(incident, at(seconds), sooner);
    const events = (await items()).filter(({ sk }) => String(sk).startsWith('EVENT#'));

    expect(events.map(({ sk }) => sk).sort()).toEqual(['EVENT#incident.closed', 'EVENT#incident.opened']);
    expect(events[0]!.detail).toMatchObject({ trigger: 'storm', playbook: 'restart-instance' });
  });
});
