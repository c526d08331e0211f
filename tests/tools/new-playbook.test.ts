import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { planPlaybook } from '../../tools/new-playbook/plan';

const root = join(__dirname, '..', '..');

/** What installing, packaging and drills leave behind, and the history. */
const leftOut = ['node_modules', '.git', '.drill', '.serverless', '.esbuild', 'coverage', 'reports'];

/** What a newcomer's shell has: nothing of this test run. */
const plain = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(JEST_|NODE_)/.test(name)));

describe('a new playbook, made in a copy of the project', () => {
  let copy: string;
  const written = [...planPlaybook(root, 'tell-team').keys()];
  const npm = async (...args: string[]) =>
    (await promisify(execFile)('npm', ['run', '--silent', ...args], { cwd: copy, env: plain })).stdout;

  const run = (name: string, ...args: string[]) =>
    promisify(execFile)(join(copy, 'node_modules', '.bin', name), args, { cwd: copy, env: plain });

  beforeAll(async () => {
    copy = mkdtempSync(join(tmpdir(), 'new-playbook-'));
    for (const one of readdirSync(root).filter((name) => !leftOut.includes(name)))
      cpSync(join(root, one), join(copy, one), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    await npm('new:playbook', '--', 'tell-team');
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  test('packages as a valid machine, and its drill comes as its scenario says', async () => {
    const result = JSON.parse(await npm('drill', '--', '--scenario', 'tell-team', '--speed', 'Infinity', '--json'));

    expect(result.ok).toBe(true);
    expect(result.executions).toMatchObject([{ status: 'SUCCEEDED' }]);
    expect(result.incidents).toMatchObject([{ outcome: 'OBSERVED', alarmName: 'tell-team-dev-network-in-low' }]);
  });

  test('passes the type check and the lint', async () => {
    await expect(run('biome', 'ci', '--vcs-enabled=false', ...written)).resolves.toBeDefined();
    await expect(run('tsc', '--noEmit')).resolves.toMatchObject({ stdout: '' });
  });

  test('gets a page and a picture', async () => {
    await npm('docs', '--', 'docs/playbooks', 'docs/images', 'docs/architecture.md');

    const page = readFileSync(join(copy, 'docs', 'playbooks', 'tell-team.md'), 'utf8');
    expect(page).toContain('`alarmName` begins with `tell-team-dev-`');
    expect(page).toMatch(/\| OBSERVED \(green\); .*\[tell-team\]/);
    expect(readFileSync(join(copy, 'docs', 'images', 'tell-team.svg'), 'utf8')).toContain('Say what was found');
  });

  test('passes its own tests, and leaves the checks of documentation, pictures and dashboard content', async () => {
    const checks = ['tests/docs', 'tests/tools/draw-machines', 'tests/template/dashboard'];
    const { stderr } = await run('jest', '--verbose', 'tests/playbooks/tell-team', ...checks);

    expect(stderr).toContain('PASS tests/playbooks/tell-team.test.ts');
    expect(stderr).not.toMatch(/^FAIL|✕/m);
  });
});

describe('a playbook that cannot be made', () => {
  test.each([
    ['Tell-Team', 'two or more words in lower case'],
    ['tell', 'two or more words in lower case'],
    ['../../etc/tell-team', 'two or more words in lower case'],
    ['a-name-that-is-far-too-long-for-a-rule', 'at most 30 characters'],
    ['restart-instance', 'clashes with restart-instance'],
    ['restart-instance-twice', 'alarms of one would start the other as well'],
  ])('%s is rejected with the reason', (name, reason) => {
    expect(() => planPlaybook(root, name)).toThrow(reason);
  });

  test('a plan names every file, and leaves nothing of the template’s name in them', () => {
    const plan = planPlaybook(root, 'tell-team');

    expect([...plan.keys()]).toContain('statemachines/tell-team.asl.yml');
    expect([...plan].filter(([, text]) => /example-?playbook/i.test(text)).map(([file]) => file)).toEqual([]);
  });
});
