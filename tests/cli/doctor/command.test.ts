import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { healthyStage } from '../../fixtures/wire/healthy';
import { type WireEndpoint, wireStage } from '../../fixtures/wire-stage';

const root = join(__dirname, '..', '..', '..');
let stage: WireEndpoint;
beforeAll(async () => {
  stage = await wireStage(
    healthyStage({
      answers: {
        'sqs:GetQueueUrl': () => ({ QueueUrl: `${stage.endpoint}/123456789012/dead-letters` }),
        'dynamodb:GetItem': () => ({}),
      },
    }),
  );
});
afterAll(() => stage.close());

/** Runs the command as its npm script would. */
function doctor(
  args: string[],
  more: NodeJS.ProcessEnv = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = {
    ...{ PATH: process.env.PATH, HOME: '/nonexistent', AWS_EC2_METADATA_DISABLED: 'true', NODE_NO_WARNINGS: '1' },
    ...{ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
    ...{ AWS_ENDPOINT_URL: stage.endpoint, ...more },
  };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', join('cli', 'doctor.ts'), ...args],
      { cwd: root, env },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

test('the exit code says whether a line failed; JSON has the same lines', async () => {
  const [well, asJson, none, wrong] = await Promise.all([
    doctor(['--stage', 'dev']),
    doctor(['--stage', 'dev', '--json']),
    doctor(['--stage', 'dev'], { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' }),
    doctor([]),
  ]);

  expect(well).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^ok +dead-letter queue +empty$/m) });
  expect(JSON.parse(asJson.stdout)).toMatchObject({ stage: 'dev', lines: expect.any(Array) });
  expect(none).toMatchObject({ code: 1, stderr: '' });
  expect(none.stdout).toMatch(/^fail +credentials +no credentials were found$\n +→ set AWS_PROFILE, or log in/m);
  expect(wrong).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining("required option '--stage <stage>'"),
  });
});
