import { handler } from '../../functions/containment/quarantine-interface';
import { ec2, ec2Once } from '../../functions/shared/clients/ec2';
import type { Answers } from '../fixtures/answering';
import { questionOf } from '../fixtures/approved';
import { config } from '../fixtures/config';
import {
  answeringInstance,
  approvedIsolation,
  instanceId,
  putItem,
  readItemOf,
  savedBefore,
} from '../fixtures/containing';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';
import { startTable } from '../fixtures/table';

// What EC2 shows late is read again at once, and not seconds later.
jest.mock('../../functions/shared/clock', () => ({
  ...jest.requireActual('../../functions/shared/clock'),
  pause: async () => {},
}));

const eni = 'eni-1';
const own = { networkInterfaceId: eni, vpcId: 'vpc-1', groupIds: ['sg-web', 'sg-db'] };
const pairs = [
  { vpcId: 'vpc-2', openGroupId: 'sg-open-2', closedGroupId: 'sg-closed-2' },
  { vpcId: 'vpc-1', openGroupId: 'sg-open', closedGroupId: 'sg-closed' },
];
type Phase = 'untrack' | 'cut' | 'put-back';

let stop: () => Promise<void>;
let asked: [string, unknown][];
let instance: Record<string, unknown>;
/** The interface as EC2 has it, and the groups that it shows instead for so many reads. */
let now: Record<string, unknown> & { groups: string[] };
let shownFirst: { groups: string[]; reads: number };
/** The tags of the quarantine groups: the incident, and the side. */
let groups: Record<string, [incident: string, side: string]>;
let keeps: boolean;

beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());
beforeEach(async () => {
  setEnvironment();
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  await putItem({ pk: 'CONTROL', sk: 'KILL_SWITCH', on: false });
  instance = { State: { Name: 'running' }, Tags: [{ Key: config.OPT_IN_TAG, Value: 'true' }] };
  now = { groups: own.groupIds, VpcId: 'vpc-1', Attachment: { InstanceId: instanceId } };
  shownFirst = { groups: [], reads: 0 };
  keeps = true;
  const tagsOf = ([incident, side]: [string, string]) => [
    { Key: 'incident-playbooks:incident', Value: incident },
    { Key: 'incident-playbooks:quarantine-group', Value: side },
  ];
  const answers: Answers = {
    DescribeNetworkInterfaces: (input: object) => {
      expect(input).toEqual({ NetworkInterfaceIds: [eni] });
      const { groups: actual, ...other } = now;
      const shown = shownFirst.reads-- > 0 ? shownFirst.groups : actual;
      return {
        NetworkInterfaces: [{ NetworkInterfaceId: eni, Groups: shown.map((GroupId) => ({ GroupId })), ...other }],
      };
    },
    DescribeSecurityGroups: ({ GroupIds }: { GroupIds: string[] }) => ({
      SecurityGroups: GroupIds.map((GroupId) => ({ GroupId, Tags: groups[GroupId] && tagsOf(groups[GroupId]) })),
    }),
    ModifyNetworkInterfaceAttribute: ({ Groups }: { Groups: string[] }) => {
      if (keeps) now.groups = Groups;
      return {};
    },
  };
  asked = answeringInstance([ec2, ec2Once], () => ({ instance, answers }));
});

const changes = () => asked.filter(([name]) => !name.startsWith('Describe')).map(([, input]) => input);
const setTo = (...Groups: string[]) => ({ NetworkInterfaceId: eni, Groups });

/** An approved isolation; `isOpened`: its record says that it opened the interface, whose own groups it saved. */
async function isolating(isOpened = false) {
  const incident = { ...(await approvedIsolation()), quarantine: { pairs } };
  const { incidentId } = incident;
  groups = { 'sg-open': [incidentId, 'open'], 'sg-closed': [incidentId, 'closed'] };
  if (isOpened) {
    const key = `changed#interface#${eni}`;
    const at = incident.openedAt;
    await putItem({ pk: `EVIDENCE#${incidentId}`, sk: `ENTRY#${key}`, key, at, what: key, before: own });
    now.groups = ['sg-open'];
  }
  return incident;
}
type Incident = Awaited<ReturnType<typeof isolating>>;
const run = (phase: Phase, incident: Incident) => handler({ incident, networkInterfaceId: eni, phase }, lambdaContext);
const cutOf = ({ incidentId }: Incident) => readItemOf(`INCIDENT#${incidentId}`, `ENTRY#cut#${eni}`);
/** From now on, no guard lets the incident change anything. */
async function forbid(incident: Incident) {
  await putItem({ pk: 'CONTROL', sk: 'KILL_SWITCH', on: true });
  const target = { instanceId, networkInterfaceIds: [eni], volumes: 2, addresses: 1, swapProfile: true };
  await putItem(questionOf(incident, 'isolate', target));
  instance.Tags = [];
}

describe('an interface is opened', () => {
  test('after its groups are saved, so that no flow of it stays tracked', async () => {
    const incident = await isolating();

    expect(await run('untrack', incident)).toEqual({ networkInterfaceId: eni, phase: 'untrack' });
    expect(changes()).toEqual([setTo('sg-open')]);
    expect(await savedBefore(incident.incidentId, `interface#${eni}`)).toMatchObject({
      before: own,
      what: 'Cutting off eni-1.',
      revert: 'restore its groups',
    });
    expect(await cutOf(incident)).toBeUndefined();
  });

  test('once: a retry finds it open, or closed by now, and changes nothing', async () => {
    const incident = await isolating(true);

    for (const group of ['sg-open', 'sg-closed']) {
      now.groups = [group];
      expect(await run('untrack', incident)).toEqual({ networkInterfaceId: eni, phase: 'untrack' });
    }
    expect(changes()).toEqual([]);
  });

  test('never again once all its flows are being ended', async () => {
    const incident = await isolating();
    await putItem({ pk: `INCIDENT#${incident.incidentId}`, sk: `ENTRY#cut#${eni}`, key: `cut#${eni}` });

    expect(await run('untrack', incident)).toEqual({ networkInterfaceId: eni, phase: 'untrack' });
    expect(changes()).toEqual([]);
  });

  test('although one of its groups is a quarantine group already', async () => {
    const incident = await isolating();
    now.groups = ['sg-open', 'sg-web'];
    await run('untrack', incident);

    expect(changes()).toEqual([setTo('sg-open')]);
  });
});

describe('no interface is changed', () => {
  test.each<Phase>(['untrack', 'cut'])('by %s if a guard says no, and none that is protected', async (phase) => {
    const incident = await isolating();
    now.TagSet = [{ Key: config.PROTECTED_TAG, Value: 'true' }];
    await expect(run(phase, incident)).rejects.toMatchObject({ name: 'ProtectedInstanceError' });
    now.TagSet = [];
    await forbid(incident);
    await expect(run(phase, incident)).rejects.toMatchObject({ name: 'KillSwitchOnError' });
    await putItem({ pk: 'CONTROL', sk: 'KILL_SWITCH', on: false });
    instance.Tags = [{ Key: config.OPT_IN_TAG, Value: 'true' }];
    await expect(run(phase, incident)).rejects.toMatchObject({ name: 'NotApprovedError' });

    expect(changes()).toEqual([]);
    expect(await savedBefore(incident.incidentId, `interface#${eni}`)).toBeUndefined();
  });

  test.each<Phase>(['untrack', 'cut'])('by %s that is attached to another instance, or to none', async (phase) => {
    const incident = await isolating();
    for (const Attachment of [{ InstanceId: 'i-0fedcba9876543210' }, undefined]) {
      now.Attachment = Attachment;
      await expect(run(phase, incident)).rejects.toMatchObject({
        name: 'NotItsInterfaceError',
        message: `eni-1 is not attached to ${instanceId}.`,
      });
    }
    expect(changes()).toEqual([]);
  });

  test.each<[string, Record<string, unknown>]>([
    ['its requester manages it', { RequesterManaged: true }],
    ['an operator does', { Operator: { Managed: true } }],
  ])('that belongs to an AWS service: %s', async (_what, change) => {
    const incident = await isolating(true);
    Object.assign(now, change);

    for (const phase of ['untrack', 'cut', 'put-back'] as const)
      await expect(run(phase, incident)).rejects.toMatchObject({
        name: 'ServiceInterfaceError',
        message: 'eni-1 belongs to an AWS service, and only that service can change it.',
      });
    expect(changes()).toEqual([]);
  });

  test('in a VPC that has no quarantine groups', async () => {
    const incident = await isolating();
    now.VpcId = 'vpc-3';

    await expect(run('untrack', incident)).rejects.toMatchObject({
      name: 'NotVerifiedError',
      message: 'There are no quarantine groups in vpc-3.',
    });
  });

  test.each<[string, string, [string, string] | undefined]>([
    ['open one', 'sg-open', ['inc-other', 'open']],
    ['closed one', 'sg-closed', ['inc-other', 'closed']],
  ])('to groups of which the %s is another incident’s, has the other side, or no tags', async (_what, id, tags) => {
    const incident = await isolating();
    for (const wrong of [tags, [incident.incidentId, 'other side'], undefined]) {
      groups[id] = wrong as [string, string];
      await expect(run('untrack', incident)).rejects.toMatchObject({
        name: 'NotItsGroupsError',
        message: `sg-open and sg-closed are not the quarantine groups of ${incident.incidentId}.`,
      });
    }
    expect(changes()).toEqual([]);
  });

  test.each<Phase>(['untrack', 'cut', 'put-back'])(
    'by %s that is open, although the record does not say that the incident opened it',
    async (phase) => {
      const incident = await isolating();
      now.groups = ['sg-open'];

      await expect(run(phase, incident)).rejects.toMatchObject({
        name: 'NotItsInterfaceError',
        message: `The record of ${incident.incidentId} does not say that it opened eni-1.`,
      });
      expect(changes()).toEqual([]);
    },
  );
});

describe('an interface is cut off', () => {
  test('whatever the guards say by then, since it must not stay open; the timeline has it first', async () => {
    const incident = await isolating(true);
    await forbid(incident);

    expect(await run('cut', incident)).toEqual({ networkInterfaceId: eni, phase: 'cut' });
    expect(changes()).toEqual([setTo('sg-closed')]);
    expect(await cutOf(incident)).toMatchObject({ what: 'Ending all flows of eni-1.' });
  });

  test('also if it was never opened, as far as the guards let it', async () => {
    const incident = await isolating();
    await run('cut', incident);

    expect(changes()).toEqual([setTo('sg-closed')]);
    expect(await savedBefore(incident.incidentId, `interface#${eni}`)).toMatchObject({ before: own });
  });

  test('once: a retry changes nothing', async () => {
    const incident = await isolating(true);
    now.groups = ['sg-closed'];

    expect(await run('cut', incident)).toEqual({ networkInterfaceId: eni, phase: 'cut' });
    expect(changes()).toEqual([]);
  });

  test('once EC2 shows that it is open: a list that is a moment old still has its own groups', async () => {
    const incident = await isolating(true);
    await forbid(incident);
    shownFirst = { groups: own.groupIds, reads: 2 };
    await run('cut', incident);

    expect(changes()).toEqual([setTo('sg-closed')]);
  });

  test('only if EC2 shows it afterwards, if need be a moment later', async () => {
    const incident = await isolating(true);
    keeps = false;
    await expect(run('cut', incident)).rejects.toMatchObject({
      name: 'NotVerifiedError',
      message: 'eni-1 has the groups sg-open instead of sg-closed.',
    });
    keeps = true;
    expect(await run('cut', incident)).toEqual({ networkInterfaceId: eni, phase: 'cut' });
  });
});

describe('an interface gets its own groups back', () => {
  test('if the cut fails, wherever it is attached by now and whatever the guards say', async () => {
    const incident = await isolating(true);
    await forbid(incident);
    now.Attachment = { InstanceId: 'i-0fedcba9876543210' };

    expect(await run('put-back', incident)).toEqual({ networkInterfaceId: eni, phase: 'put-back' });
    expect(changes()).toEqual([setTo('sg-web', 'sg-db')]);
    expect(await cutOf(incident)).toBeUndefined();
  });

  test.each([[['sg-web']], [['sg-web', 'sg-other']]])(
    'all of them, in their order: %j are not those',
    async (shown) => {
      const incident = await isolating(true);
      keeps = false;
      const running = run('put-back', incident);
      shownFirst = { groups: ['sg-open'], reads: 1 };
      now.groups = shown;

      await expect(running).rejects.toMatchObject({
        name: 'NotVerifiedError',
        message: `eni-1 has the groups ${shown.join(', ')} instead of sg-web, sg-db.`,
      });
    },
  );

  test('also if it seems to have them: what EC2 shows may be old', async () => {
    const incident = await isolating(true);
    await forbid(incident);
    now.groups = own.groupIds;
    await run('put-back', incident);

    expect(changes()).toEqual([setTo('sg-web', 'sg-db')]);
  });

  test('only if it was opened: one that is cut off, or that nobody touched, is left', async () => {
    const closed = await isolating(true);
    now.groups = ['sg-closed'];
    expect(await run('put-back', closed)).toEqual({ networkInterfaceId: eni, phase: 'put-back' });

    const untouched = await isolating();
    now.groups = own.groupIds;
    expect(await run('put-back', untouched)).toEqual({ networkInterfaceId: eni, phase: 'put-back' });
    expect(changes()).toEqual([]);
  });

  test('and none that cannot be read from the record', async () => {
    const incident = await isolating();
    const key = `changed#interface#${eni}`;
    await putItem({ pk: `EVIDENCE#${incident.incidentId}`, sk: `ENTRY#${key}`, key, before: { groupIds: 'sg-web' } });
    now.groups = ['sg-open'];

    await expect(run('put-back', incident)).rejects.toMatchObject({
      name: 'InvalidInputError',
      message: expect.stringContaining('entry.before'),
    });
    expect(changes()).toEqual([]);
  });
});
