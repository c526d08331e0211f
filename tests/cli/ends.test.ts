import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');

/** Runs a tool as its npm script would, on a machine where AWS was never set up. */
function runWithoutAws(tool: string, args: string[]) {
  const env = {
    PATH: process.env.PATH,
    HOME: '/nonexistent',
    AWS_EC2_METADATA_DISABLED: 'true',
    NODE_NO_WARNINGS: '1',
  };
  return spawnSync(
    process.execPath,
    ['--import', 'tsx', existsSync(join(root, 'cli', tool)) ? join('cli', tool) : join('tools', tool), ...args],
    {
      cwd: root,
      env: { ...env, AWS_REGION: 'us-east-1' },
      encoding: 'utf8',
    },
  );
}

test.each([
  ['kill-switch.ts', ['--stage', 'dev', '--on', '--reason', 'x'], 'The kill switch of dev was NOT changed'],
  ['approve.ts', ['inc-0123456789abcdef0123', '--yes', '--stage', 'dev'], 'Nothing was answered in dev'],
  ['review.ts', ['--stage', 'dev'], 'Stage dev could not be read from incident-playbooks-dev-incidents'],
  ['backtest.ts', ['--stage', 'dev', '--days', '14'], 'Stage dev could not be read'],
])('%s without credentials says what did not happen and what to do, in one line', (tool, args, what) => {
  const { status, stdout, stderr } = runWithoutAws(tool, args);

  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(new RegExp(`^${what}: no credentials were found: set AWS_PROFILE, or log in \\(.*\\)\\n$`));
});

test.each([
  [
    'approve.ts',
    ['inc-0123456789abcdef0123', '--yes', '--stage', 'dev', '--subject', 'foo'],
    /Allowed choices are isolate/,
  ],
  ['approve.ts', ['inc-0123456789abcdef0123', '--stage', 'dev'], /pass either --yes or --no/],
  ['kill-switch.ts', ['--on'], /required option '--stage <stage>' not specified/],
  ['spoke.ts', ['--stage', 'nowhere'], /^resources\/stages\.yml does not know the stage "nowhere"; it knows dev,.*\n$/],
  ['spoke.ts', ['--stage', 'dev', '--out', 'package.json'], /^package\.json: cannot be created.*\n$/],
  [
    'kill-switch.ts',
    ['--stage', 'nowhere', '--on', '--reason', 'x', '--all-regions'],
    /^resources\/stages\.yml does not know the stage "nowhere"/,
  ],
  [
    'status.ts',
    ['--stage', 'dev', '--account', '111122223333', '--account', '444455556666'],
    /It is given twice, first as 111122223333: name one account/,
  ],
  ['review.ts', ['--account', '1111222233334'], /It is the ID of an account, 12 digits/],
  ['review.ts', ['--stage', 'PROD x'], /It is up to 20 characters a-z and 0-9/],
  ['new-playbook.ts', [], /missing required argument 'name'/],
  ['score.ts', [], /--metrics FILE is required/],
])('%s %j ends with 2 and the word that is wrong', (tool, args, message) => {
  const { status, stderr } = runWithoutAws(tool, args);

  expect(status).toBe(2);
  expect(stderr).toMatch(message);
});
