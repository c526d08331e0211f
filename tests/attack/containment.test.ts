import type { DrillResult } from '../../drill/scenario/result';
import { later } from '../../drill/time/later';
import { drill, effects, type Given, instanceId, onlyIncident, runaway } from '../fixtures/drill';
import { findingEvent } from '../fixtures/finding';

const enrolled = { 'incident-playbooks:enabled': 'true' };
const yes = { subject: 'isolate', answer: 'yes' } as const;
const profile = 'arn:aws:iam::123456789012:instance-profile/web';

/** GuardDuty has seen the instance do something that only an intruder does. */
const found: Given = {
  playbook: 'isolate-instance',
  starts: { by: 'event', events: [findingEvent()] },
  fleet: [{ instanceId, tags: enrolled }],
  answers: [yes],
};
const pages = ({ notices }: DrillResult) =>
  notices.filter(
    ({ subject, message }) => /^ESCALATED|^PARTIAL|^FAILED/.test(subject ?? '') || /Severity: page/.test(message),
  );

describe('a finding whose isolation is refused is never green', () => {
  test.each<[string, Given, string, RegExp]>([
    [
      'the host writes the protected tag on itself',
      { fleet: [{ instanceId, tags: { ...enrolled, 'incident-playbooks:protected': 'x' } }] },
      'protected',
      /protected by its tag.*remove it and start the playbook/,
    ],
    ['the host is not opted in', { fleet: [{ instanceId, tags: {} }] }, 'not-opted-in', /tag the instance and start/],
    [
      'the kill switch is on',
      { account: { killSwitch: { by: 'kim', reason: 'maintenance' } } },
      'kill-switch-on',
      /kill switch off and start the playbook/,
    ],
    ['the stage only observes', { mode: 'observe' }, 'would-isolate', /set mode: act and start the playbook/],
  ])('when %s', async (_what, given, code, reason) => {
    const result = await drill({ ...found, ...given });

    expect(onlyIncident(result)).toMatchObject({ outcome: 'ESCALATED', code, reason: expect.stringMatching(reason) });
    expect(result.executions[0]?.status).toBe('FAILED');
    expect(pages(result)).not.toEqual([]);
    expect(effects(result, 'ModifyNetworkInterfaceAttribute')).toBe(0);
  });

  test('nor are people drowned in it: the same is told once an hour, and stays escalated in every record', async () => {
    const events = [1, 2, 3, 4].map((n) => findingEvent({ n }));
    const result = await drill({ ...found, fleet: [{ instanceId, tags: {} }], starts: { by: 'event', events } });

    expect(result.incidents.map(({ outcome }) => outcome)).toEqual(Array(4).fill('ESCALATED'));
    expect(result.notices).toHaveLength(1);
  });
});

describe('a finding of no place of the stage is never green', () => {
  const inDetail = (change: Record<string, string>) => {
    const event = findingEvent() as { detail: Record<string, unknown> };
    return { ...event, detail: { ...event.detail, ...change } };
  };

  test.each<[string, Record<string, unknown>, string, RegExp]>([
    [
      'it is of an account that the stage does not list',
      inDetail({ accountId: '999988887777' }),
      'wrong-account',
      /from account 999988887777.*put the account on the stage's list/,
    ],
    [
      'its ARN is of another region than its detail',
      inDetail({ arn: 'arn:aws:guardduty:eu-west-1:123456789012:detector/d/finding/f' }),
      'place-contradicted',
      /is of region eu-west-1.*find out where it comes from/,
    ],
  ])('when %s', async (_what, event, code, reason) => {
    const result = await drill({ ...found, starts: { by: 'event', events: [event] } });

    expect(onlyIncident(result)).toMatchObject({ outcome: 'ESCALATED', code, reason: expect.stringMatching(reason) });
    expect(pages(result)).not.toEqual([]);
    expect(result.ledger.filter(({ service, mutating }) => service === 'ec2' && mutating)).toEqual([]);
  });
});

describe('a mark of quarantine', () => {
  test('that the host wrote on itself shields it from nothing', async () => {
    const tags = { ...enrolled, 'incident-playbooks:quarantined-by': `inc-${'0'.repeat(20)}` };
    const result = await drill({ ...found, fleet: [{ instanceId, tags }] });

    expect(onlyIncident(result).outcome).toBe('CONTAINED');
    expect(result.instances[0]?.tags['incident-playbooks:quarantined-by']).toBe(onlyIncident(result).incidentId);
  });

  test('that no record confirms keeps a restart off, and is told', async () => {
    const tags = { ...enrolled, 'incident-playbooks:quarantined-by': `inc-${'0'.repeat(20)}` };
    const result = await drill({ fleet: [{ instanceId, tags, symptoms: [runaway] }] });

    expect(onlyIncident(result)).toMatchObject({ outcome: 'ESCALATED', code: 'mark-not-confirmed' });
    expect(effects(result, 'StopInstances')).toBe(0);
  });

  test('that a record confirms makes a second finding a duplicate, and quiet', async () => {
    const events = [findingEvent({ n: 1 }), findingEvent({ n: 2 })];
    const result = await drill({ ...found, starts: { by: 'event', events, secondsApart: 2400 }, lastsMinutes: 100 });

    expect(result.incidents.map(({ outcome, code }) => [outcome, code])).toEqual([
      ['CONTAINED', 'isolated'],
      ['SKIPPED', 'already-isolated'],
    ]);
  });
});

test('row 63: a restart does not shield a host: the isolation asks behind it, and takes its lease over after the yes', async () => {
  const timing = { stopping: [1500, 1500] as [number, number] };
  const result = await drill({
    playbook: 'isolate-instance',
    fleet: [{ instanceId, tags: enrolled, timing, symptoms: [{ ...runaway, heals: 'never' }] }],
    follows: [{ playbook: 'isolate-instance', afterMinutes: 30, input: { instanceId } }],
    answers: [yes],
    lastsMinutes: 60,
  });
  const byPlaybook = Object.fromEntries(
    result.items.filter(({ sk }) => sk === 'RECORD').map(({ playbook, outcome, code }) => [playbook, [outcome, code]]),
  );

  expect(byPlaybook['isolate-instance']).toEqual(['CONTAINED', 'isolated']);
  expect(byPlaybook['restart-instance']).toEqual(['ESCALATED', 'stop-hangs']);
});

test('two isolations of one instance ask one question', async () => {
  const events = [findingEvent({ n: 1 }), findingEvent({ n: 2 })];
  const result = await drill({ ...found, starts: { by: 'event', events } });
  const questions = result.notices.filter(({ subject }) => subject?.includes('Approve isolate?'));

  expect(questions).toHaveLength(1);
  expect(result.incidents.map(({ outcome, code }) => [outcome, code])).toEqual([
    ['CONTAINED', 'isolated'],
    ['SKIPPED', 'joined'],
  ]);
});

test('row 61: an interface that is attached between the question and the yes is cut off too', async () => {
  const result = await drill(
    {
      playbook: 'isolate-instance',
      fleet: [{ instanceId, iamInstanceProfileArn: profile }],
      starts: { by: 'manual' },
      answers: [
        { ...yes, afterMinutes: 10 },
        { subject: 'revoke-sessions', answer: 'no' },
      ],
    },
    ({ cloud }) =>
      later(300_000, () => {
        cloud.ec2.find(instanceId)!.interfaces.push({
          networkInterfaceId: 'eni-0badbadbadbadbad0',
          securityGroups: ['sg-0a1b2c3d4e5f60718'],
          subnetId: 'subnet-0a1b2c3d4e5f60718',
        } as never);
      }),
  );

  expect(onlyIncident(result).outcome).toBe('CONTAINED');
});

test('row 64: an interface that is left open to all traffic is told at once, before anybody is asked anything else', async () => {
  const result = await drill({
    playbook: 'isolate-instance',
    fleet: [{ instanceId, tags: enrolled, iamInstanceProfileArn: profile }],
    starts: { by: 'manual' },
    answers: [yes],
    faults: [
      { name: 'api-denied', command: 'ModifyNetworkInterfaceAttribute', state: 'Cut flows' },
      { name: 'api-denied', command: 'ModifyNetworkInterfaceAttribute', state: 'Put groups back' },
      { name: 'api-denied', command: 'ModifyNetworkInterfaceAttribute', state: 'Put groups back again' },
    ],
  });
  const opened = result.ledger.find(
    ({ command, effective }) => command === 'ModifyNetworkInterfaceAttribute' && effective,
  );
  const told = result.notices.find(({ message }) => message.includes('IS OPEN TO ALL TRAFFIC'));
  const asked = result.notices.find(({ subject }) => subject?.includes('Approve revoke-sessions?'));

  expect(told!.at - opened!.at).toBeLessThan(300_000);
  expect(told!.at).toBeLessThan(asked!.at);
  const [, eni = ''] = /^(eni-\w+) IS OPEN/.exec(told!.message) ?? [];
  const command = new RegExp(
    `aws ec2 modify-network-interface-attribute --region us-east-1 --network-interface-id ${eni} --groups "?\\$\\(aws ec2 describe-security-groups [^|\`]+Values=${onlyIncident(result).incidentId} [^|\`]+Values=closed --query 'SecurityGroups\\[0\\].GroupId' --output text\\)`,
  );
  expect(told!.message).toMatch(command);
  const published = result.ledger.find(({ caller }) => caller?.stateName === 'Tell that it is open')!.input;
  const { chat } = (published as { MessageAttributes: { chat: { StringValue: string } } }).MessageAttributes;
  expect((JSON.parse(chat.StringValue) as { content: { description: string } }).content.description).toMatch(command);
  expect(onlyIncident(result)).toMatchObject({ outcome: 'PARTIAL', reason: expect.stringContaining('IS OPEN TO ALL') });
});
