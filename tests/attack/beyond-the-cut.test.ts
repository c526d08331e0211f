import type { DrillResult } from '../../drill/scenario/result';
import type { Stack } from '../../drill/stack/stack';
import { drill, effects, type Given, instanceId, onlyIncident } from '../fixtures/drill';

const metadataOptions = {
  httpEndpoint: 'enabled',
  httpTokens: 'optional',
  httpPutResponseHopLimit: 3,
  httpProtocolIpv6: 'enabled',
  instanceMetadataTags: 'enabled',
} as const;
const given: Given = {
  playbook: 'isolate-instance',
  fleet: [{ instanceId, metadataOptions }],
  account: { openSessions: 2 },
  starts: { by: 'manual' },
  answers: [
    { subject: 'isolate', answer: 'yes' },
    { subject: 'release', answer: 'yes' },
  ],
};
const released: Given = {
  ...given,
  lastsMinutes: 90,
  follows: [{ playbook: 'release-instance', afterMinutes: 60, input: { isolatedBy: '{incident}' } }],
};

async function run(change: Given = {}): Promise<{ result: DrillResult; stack: Stack }> {
  let stack: Stack | undefined;
  const result = await drill({ ...given, ...change }, (up) => {
    stack = up;
  });
  return { result, stack: stack! };
}
const optionsOf = ({ cloud }: Stack) => cloud.ec2.find(instanceId)!.spec.metadataOptions;
const openSessions = ({ cloud }: Stack) =>
  [...cloud.ssm.sessions.values()].filter(({ endedAt }) => endedAt === undefined);
const notesOf = ({ items }: DrillResult) =>
  (items.find(({ sk }) => sk === 'RECORD')!.extra as { notes: string[] }).notes.join('\n');

describe('what security groups do not cut', () => {
  test('is cut where it can be: the metadata service is off, and no session is open', async () => {
    const { result, stack } = await run();

    expect(onlyIncident(result).outcome).toBe('CONTAINED');
    expect(optionsOf(stack)).toEqual({ ...metadataOptions, httpEndpoint: 'disabled' });
    expect(openSessions(stack)).toEqual([]);
    expect(effects(result, 'TerminateSession')).toBe(2);
  });

  test('is named in the question, and in verdict, record and notice', async () => {
    const { result } = await run();
    const question = result.notices.find(({ subject }) => subject?.includes('Approve isolate?'))!.message;
    const told = result.notices.at(-1)!.message;

    expect(question).toMatch(/switch its instance metadata service off.*end its open sessions of Systems Manager/);
    for (const text of [notesOf(result), told]) {
      expect(text).toMatch(/DNS queries to the Amazon resolver/);
      expect(text).toMatch(/NAT gateway.*stay tracked/);
      expect(text).toMatch(/Instance Connect Endpoint/);
    }
  });

  test('is left alone and named where the stage keeps it', async () => {
    const variables = { INSTANCE_METADATA: 'keep', SYSTEMS_MANAGER_SESSIONS: 'keep' };
    const { result, stack } = await run({ variables });

    expect(onlyIncident(result).outcome).toBe('CONTAINED');
    expect(optionsOf(stack)).toEqual(metadataOptions);
    expect(openSessions(stack)).toHaveLength(2);
    expect(notesOf(result)).toMatch(/Not cut: the instance metadata service/);
    expect(notesOf(result)).toMatch(/Not cut: open sessions of Systems Manager/);
  });

  test.each([
    ['ModifyInstanceMetadataOptions', /instance metadata service is not off/],
    ['TerminateSession', /sessions of Systems Manager may still be open/],
  ])('is missing from the verdict if %s is denied', async (command, reason) => {
    const { result } = await run({ faults: [{ name: 'api-denied', command }] });

    expect(onlyIncident(result)).toMatchObject({ outcome: 'PARTIAL', reason: expect.stringMatching(reason) });
  });
});

describe('a release', () => {
  test('restores every option of the metadata service as it was', async () => {
    const { result, stack } = await run(released);

    expect(result.incidents.map(({ outcome }) => outcome)).toEqual(['CONTAINED', 'RELEASED']);
    expect(optionsOf(stack)).toEqual(metadataOptions);
  });

  test('leaves a service off that was off before', async () => {
    const off = { ...metadataOptions, httpEndpoint: 'disabled' as const };
    const { result, stack } = await run({ ...released, fleet: [{ instanceId, metadataOptions: off }] });

    expect(result.incidents.map(({ outcome }) => outcome)).toEqual(['CONTAINED', 'RELEASED']);
    expect(optionsOf(stack)).toEqual(off);
    expect(effects(result, 'ModifyInstanceMetadataOptions')).toBe(0);
  });

  test('that cannot restore it ends PARTIAL and says so', async () => {
    const { result } = await run({
      ...released,
      faults: [{ name: 'api-denied', command: 'ModifyInstanceMetadataOptions', state: 'Restore attribute' }],
    });

    expect(result.incidents[1]).toMatchObject({ outcome: 'PARTIAL', reason: expect.stringContaining('metadata') });
  });
});
