import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../../drill/cli';
import type { ReplayResult } from '../../../drill/replay/command';
import { answersOf, rebuild, releasedKinds } from '../../../drill/replay/rebuild';
import { loadScenario } from '../../../drill/scenario/load';
import { runScenario } from '../../../drill/scenario/run';
import { stopRecordStore } from '../../../drill/stack/record-store';
import { asAwsExport } from '../../fixtures/aws-history';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rerun-'));
});
afterAll(async () => {
  await stopRecordStore();
  await rm(folder, { recursive: true });
});

const drill = async (name: string) => (await runScenario(await loadScenario(name))).executions;

/** Where today's path differs from that of an execution, as a person would get it exported. */
async function differences(history: Parameters<typeof asAwsExport>[0]) {
  const file = join(folder, 'history.json');
  await writeFile(file, JSON.stringify(asAwsExport(history)));
  const lines: string[] = [];
  await main(['--history', file, '--rerun', '--json'], (line) => lines.push(line));
  const { same, compared } = JSON.parse(lines.at(-1)!) as ReplayResult;
  return { same, differs: compared?.filter(({ where }) => where !== 'both') };
}

test('an isolation of two interfaces, with a profile and both questions answered, takes the same path again; so does its release', async () => {
  const [isolation, release] = await drill('isolate-release');

  expect(await differences(isolation!.history)).toEqual({ same: true, differs: [] });
  expect(await differences(release!.history)).toEqual({ same: true, differs: [] });
});

test.each([
  'guardduty-isolate',
  'not-opted-in',
  'instance-store-data',
  'load-balanced',
  'reboot-not-enough',
  'force-allowed',
])('unchanged code takes the path of %s again', async (name) => {
  const [first] = await drill(name);

  expect(await differences(first!.history)).toEqual({ same: true, differs: [] });
});

test('interfaces, profile, volumes, protection and answers are those of the history', async () => {
  const [isolation, release] = await drill('isolate-release');

  expect(rebuild(isolation!.history)).toMatchObject({
    instance: {
      tags: { Name: 'web-1', 'incident-playbooks:enabled': 'true' },
      networkInterfaces: [
        { securityGroups: ['sg-0a1b2c3d4e5f60718'] },
        { securityGroups: ['sg-0a1b2c3d4e5f60719', 'sg-0a1b2c3d4e5f60718'] },
      ],
      volumes: [{ deviceName: '/dev/xvda', deleteOnTermination: true }],
      iamInstanceProfileArn: 'arn:aws:iam::123456789012:instance-profile/web',
      autoScalingGroupName: 'web',
      disableApiTermination: false,
    },
    targetGroups: ['arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef'],
  });
  expect(answersOf(isolation!.history)).toEqual([
    { subject: 'isolate', answer: 'yes', by: 'arn:aws:iam::123456789012:user/alice' },
    { subject: 'revoke-sessions', answer: 'yes', by: 'arn:aws:iam::123456789012:user/alice' },
  ]);
  expect(releasedKinds(isolation!.history)).toBeUndefined();
  expect(releasedKinds(release!.history)).toContain('sessions');
});
