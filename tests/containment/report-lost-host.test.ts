import { handler } from '../../functions/containment/report-lost-host';
import { sns } from '../../functions/shared/clients/sns';
import { answering, awsError } from '../fixtures/answering';
import { openRecordOf } from '../fixtures/approved';
import { config } from '../fixtures/config';
import { putItem, readItemOf } from '../fixtures/containing';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';
import { startTable } from '../fixtures/table';

const time = '2026-11-24T02:30:00Z';
const earlier = '2026-11-24T02:29:59Z';
const notIsolated = { verdict: 'NOT_BEING_ISOLATED' };
type State = 'stopping' | 'stopped' | 'shutting-down' | 'terminated';
interface Told {
  Subject: string;
  Message: string;
  MessageAttributes: { severity: { StringValue: string }; chat: { StringValue: string } };
}

let stop: () => Promise<void>;
let count = 0;
let instanceId: string;
let asked: [string, unknown][];
let answer: () => unknown;

beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());
beforeEach(() => {
  setEnvironment();
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  instanceId = `i-${String(count++).padStart(17, '0')}`;
  answer = () => ({});
  asked = answering(sns, () => ({ Publish: () => answer() }));
});

/** EC2 says that the instance is in this state now. */
const report = (state: State) => handler({ time, detail: { 'instance-id': instanceId, state } }, lambdaContext);
const told = () => asked.map(([, input]) => input as Told);
const entry = (incidentId: string, key: string, more: object = {}) => {
  const pk = `${key.startsWith('changed#') ? 'EVIDENCE' : 'INCIDENT'}#${incidentId}`;
  return putItem({ pk, sk: `ENTRY#${key}`, key, at: time, what: key, ...more });
};
/** An incident on the instance, by default an open isolation. */
async function incidentOf(change: Record<string, unknown> = {}): Promise<string> {
  const incidentId = `inc-${String(count++).padStart(20, 'e')}`;
  const incident = {
    ...{ incidentId, executionId: `execution-${count}`, playbook: 'isolate-instance', trigger: 'manual' },
    ...{ drill: false, mode: 'act' as const, openedAt: '2026-11-24T02:00:00.000Z', instanceId },
    ...change,
  };
  await putItem(openRecordOf(incident));
  return incidentId;
}
const guard = (change: Record<string, unknown>) => putItem({ pk: `INSTANCE#${instanceId}`, sk: 'GUARD', ...change });
/** An open isolation that has the lease of the instance. */
async function isolating(change: Record<string, unknown> = {}) {
  const holder = await incidentOf(change);
  await guard({ holder });
  return holder;
}
const ended = (outcome: string, closedAt = earlier) => ({ status: 'CLOSED', closedAt, outcome });

describe('the host of an isolation that is under way', () => {
  test.each<[State, 'terminated' | 'stopped', string]>([
    ['stopping', 'stopped', 'Its memory is lost, and so are its instance store volumes.'],
    ['stopped', 'stopped', 'Its memory is lost, and so are its instance store volumes.'],
    ['shutting-down', 'terminated', 'so is every volume that was still to be deleted with it.'],
    ['terminated', 'terminated', 'so is every volume that was still to be deleted with it.'],
  ])('that is %s pages a person at once, and the record keeps it', async (state, loss, words) => {
    const incidentId = await isolating();

    expect(await report(state)).toEqual({ verdict: 'REPORTED', incidentId });
    const [notice] = told();
    expect(notice?.Subject).toBe(`PAGE ESCALATED: isolate-instance ${instanceId} WAS ${loss.toUpperCase()}`);
    expect(notice?.MessageAttributes.severity.StringValue).toBe('page');
    expect(notice?.Message).toContain(`${instanceId}: The instance was ${loss} while its isolation was under way.`);
    expect(notice?.Message).toContain(words);
    expect(notice?.Message).toContain(
      'Find out in CloudTrail who did it, and whether its volumes and snapshots are kept.',
    );
    expect(await readItemOf(`INCIDENT#${incidentId}`, `ENTRY#host-${loss}`)).toMatchObject({
      what: expect.stringContaining(words),
    });
  });

  test('is named with stage, severity, execution and incident, also in chat, where each loss is its own message', async () => {
    const incidentId = await isolating({ drill: true });
    await report('stopped');
    await report('terminated');

    const [stopped, terminated] = told();
    const { executionId } = (await readItemOf(`INCIDENT#${incidentId}`, 'RECORD')) as { executionId: string };
    const link = `https://us-east-1.console.aws.amazon.com/states/home?region=us-east-1#/v2/executions/details/${executionId}`;
    expect(stopped?.Subject).toMatch(/^\[DRILL\] PAGE ESCALATED/);
    expect(stopped?.Message.split('\n').slice(-4)).toEqual([
      'Stage: test',
      'Severity: page',
      `Execution: ${link}`,
      `Incident: ${incidentId}`,
    ]);
    const chats = [stopped, terminated].map((one) => JSON.parse(one!.MessageAttributes.chat.StringValue));
    expect(chats[0]).toMatchObject({
      id: `${incidentId}-stopped`,
      content: {
        nextSteps: [`Open the execution: ${link}`],
        keywords: ['isolate-instance', 'test', 'ESCALATED', 'page'],
      },
      metadata: { threadId: incidentId, eventType: 'ESCALATED', relatedResources: [instanceId] },
    });
    expect(chats[1].id).toBe(`${incidentId}-terminated`);
  });

  test('is reported once for each loss', async () => {
    await isolating();
    await report('stopping');

    expect(await report('stopped')).toEqual({ verdict: 'REPORTED_BEFORE' });
    expect(told()).toHaveLength(1);
    expect(await report('terminated')).toMatchObject({ verdict: 'REPORTED' });
  });

  test('is paged again if the first page did not go out: it is recorded afterwards', async () => {
    const incidentId = await isolating();
    answer = () => {
      throw awsError('InternalError');
    };
    await expect(report('terminated')).rejects.toThrow();
    expect(await readItemOf(`INCIDENT#${incidentId}`, 'ENTRY#host-terminated')).toBeUndefined();

    answer = () => ({});
    expect(await report('terminated')).toMatchObject({ verdict: 'REPORTED' });
  });

  test('is one also while the isolation only waits behind another incident', async () => {
    const claimedBy = await incidentOf();
    await guard({ holder: await incidentOf({ playbook: 'patch-instance' }), claimedBy });

    expect(await report('terminated')).toEqual({ verdict: 'REPORTED', incidentId: claimedBy });
  });
});

describe('nobody is told of an instance', () => {
  test('that no incident has', async () => {
    expect(await report('terminated')).toEqual(notIsolated);
  });

  test('that another playbook has or had', async () => {
    await guard({ holder: await incidentOf({ playbook: 'restart-instance' }), lastHolder: undefined });
    expect(await report('stopped')).toEqual(notIsolated);
    await guard({ lastHolder: await incidentOf({ playbook: 'restart-instance', ...ended('RESOLVED', time) }) });
    expect(await report('stopped')).toEqual(notIsolated);
    expect(told()).toEqual([]);
  });

  test('whose holder has no record, or an isolation that is open without the lease', async () => {
    await guard({ holder: 'inc-none', lastHolder: await incidentOf() });

    expect(await report('terminated')).toEqual(notIsolated);
    expect(told()).toEqual([]);
  });
});

describe('the restart behind which an isolation waits', () => {
  const waiting = async () => {
    const restart = await incidentOf({ playbook: 'restart-instance' });
    const isolation = await incidentOf();
    await guard({ holder: restart, claimedBy: isolation });
    return { restart, isolation };
  };

  test('may stop the instance, until it starts it again', async () => {
    const { restart } = await waiting();
    await entry(restart, 'stop-requested');
    expect(await report('stopped')).toEqual({ verdict: 'STOPPED_BY_RESTART' });

    await entry(restart, 'start-requested');
    expect(await report('stopped')).toMatchObject({ verdict: 'REPORTED' });
  });

  test('has stopped it also when the isolation has taken its lease over', async () => {
    const { restart, isolation } = await waiting();
    await entry(restart, 'stop-requested');
    await entry(isolation, 'behind', { before: { holder: restart } });
    await guard({ holder: isolation });

    expect(await report('stopped')).toEqual({ verdict: 'STOPPED_BY_RESTART' });
  });

  test('excuses no termination, and no stop that it did not ask for', async () => {
    const { restart } = await waiting();
    expect(await report('stopped')).toMatchObject({ verdict: 'REPORTED' });
    await entry(restart, 'stop-requested');
    expect(await report('terminated')).toMatchObject({ verdict: 'REPORTED' });
  });

  test('is none if the isolation itself has the instance', async () => {
    const isolation = await isolating();
    await entry(isolation, 'stop-requested');

    expect(await report('stopped')).toMatchObject({ verdict: 'REPORTED' });
  });
});

describe('an isolation that has ended', () => {
  const endedAs = async (outcome: string, closedAt = earlier, isTagged = true) => {
    const lastHolder = await incidentOf(ended(outcome, closedAt));
    await guard({ lastHolder });
    if (isTagged) await entry(lastHolder, 'changed#tag');
    return lastHolder;
  };

  test.each([
    ['CONTAINED', 'stopped', 'The isolated instance was stopped: its memory is lost.'],
    ['PARTIAL', 'terminated', 'The isolated instance was terminated.'],
  ] as const)('as %s: that its instance is %s is told without a page', async (outcome, state, words) => {
    const incidentId = await endedAs(outcome);

    expect(await report(state)).toEqual({ verdict: 'REPORTED', incidentId });
    const [notice] = told();
    expect(notice?.MessageAttributes.severity.StringValue).toBe('look');
    expect(notice?.Message).toContain(`${instanceId}: ${words} Find out in CloudTrail`);
    expect(notice?.Message).toContain('Severity: look');
  });

  test('after the loss, of which EC2 told late, pages', async () => {
    await endedAs('DENIED', time, false);

    expect(await report('terminated')).toMatchObject({ verdict: 'REPORTED' });
    expect(told()[0]?.MessageAttributes.severity.StringValue).toBe('page');
  });

  test.each<[string, string, boolean]>([
    ['was refused', 'SKIPPED', true],
    ['has changed nothing', 'CONTAINED', false],
  ])('before the loss and %s tells nobody', async (_what, outcome, isTagged) => {
    await endedAs(outcome, earlier, isTagged);

    expect(await report('terminated')).toEqual(notIsolated);
    expect(told()).toEqual([]);
  });

  test('gives way to one that is under way', async () => {
    const lastHolder = await endedAs('CONTAINED');
    const holder = await incidentOf();
    await guard({ holder, lastHolder });

    expect(await report('terminated')).toEqual({ verdict: 'REPORTED', incidentId: holder });
  });

  test('is not mistaken for one that has the lease', async () => {
    await guard({ holder: await incidentOf(ended('CONTAINED')) });

    expect(await report('terminated')).toEqual(notIsolated);
  });
});

test.each([
  ['a time that is not in UTC', { time: '2026-11-24T02:30:00+01:00' }],
  ['no time', { time: undefined }],
  ['a state that loses nothing', { detail: { 'instance-id': 'i-0123456789abcdef0', state: 'running' } }],
  ['no instance', { detail: { 'instance-id': 'web-1', state: 'stopped' } }],
])('an event with %s is not believed', async (_what, change) => {
  const event = { time, detail: { 'instance-id': instanceId, state: 'stopped' }, ...change };

  await expect(handler(event as never, lambdaContext)).rejects.toMatchObject({ name: 'InvalidInputError' });
});
