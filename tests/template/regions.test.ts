import { execFile } from 'node:child_process';
import { appendFile, cp, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageStage } from '../../drill/packaging/package-stage';
import { loadScenario } from '../../drill/scenario/load';
import { runScenario } from '../../drill/scenario/run';
import { stopRecordStore } from '../../drill/stack/record-store';
import type { CompiledTemplate } from '../../packaging/complete-template';
import { NameError, nameByRegion, namings } from '../../packaging/global-names';
import { readWholeTemplate } from '../../tools/template/checks/model';

const root = join(__dirname, '..', '..');

afterAll(stopRecordStore);
/** Two regions of one stage, the longest name of a region among them, and one of each other partition in use. */
const regions = ['us-east-1', 'ap-southeast-2', 'cn-north-1', 'us-gov-west-1'];

async function packagedFor(region: string) {
  await packageStage('dev', { region });
  const text = await readFile(join(root, '.drill/packages', `dev.${region}.json`), 'utf8');
  return { text, ...readWholeTemplate(text) };
}

/** Names that an account has once, whatever the region; a bucket's are unique in the whole partition. */
const sharedNames = [
  ...Object.entries(namings).flatMap(([type, { property, isGlobal }]) => (isGlobal ? [[type, property]] : [])),
  ['AWS::S3::Bucket', 'BucketName'],
];

test('no two regions of a stage use the same name where all regions share the names', async () => {
  const named: string[] = [];
  for (const region of regions) {
    const { Resources } = await packagedFor(region);
    for (const [type, property] of sharedNames) {
      for (const { Properties } of Object.values(Resources).filter(({ Type }) => Type === type)) {
        // IAM compares names without case.
        if (Properties[property!]) named.push(`${type} ${JSON.stringify(Properties[property!]).toLowerCase()}`);
      }
    }
  }

  expect(named.length).toBeGreaterThan(regions.length * 70);
  expect(named.filter((name, index) => named.indexOf(name) !== index)).toEqual([]);
});

test.each(regions)(
  'every role and profile for %s has a whole name that begins with service and stage',
  async (region) => {
    const { Resources } = await packagedFor(region);
    const names = Object.values(Resources)
      .filter(({ Type }) => Type === 'AWS::IAM::Role' || Type === 'AWS::IAM::InstanceProfile')
      .map(({ Properties }) => String(Properties.RoleName ?? Properties.InstanceProfileName));

    // Steps that may change roles are denied these by that prefix: a name that is cut would escape it.
    expect(names.filter((name) => !/^incident-playbooks-dev-[a-z-]+/.test(name) || name.length > 64)).toEqual([]);
  },
);

test.each(regions)(
  'a template for %s names no partition, and no principal or tag that it lacks there',
  async (region) => {
    const { text, Resources } = await packagedFor(region);
    const { Tags } = Object.values(Resources).find(({ Type }) => Type.endsWith('Dashboard'))!.Properties;
    const trusted = Object.values(Resources).flatMap(({ Type, Properties }) =>
      Type === 'AWS::IAM::Role' ? [JSON.stringify(Properties.AssumeRolePolicyDocument)] : [],
    );

    expect(text.match(/arn:aws[a-z-]*:[a-z0-9-]*/g) ?? []).toEqual([]);
    // In China EC2 is trusted as ec2.amazonaws.com.cn. Source: AWS China regions, "Getting started", "Service principals".
    expect(trusted.join()).not.toContain('"ec2.amazonaws.com"');
    expect(Tags !== undefined).toBe(!/^(cn|us-gov)/.test(region));
  },
);

test.each([
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
])(
  'in %s the drill that the README begins with ends as it does elsewhere, under ARNs of %s alone',
  async (region, partition) => {
    const result = await runScenario(await loadScenario('cpu-high-restart'), { region });
    const said = JSON.stringify([result.ledger, result.executions, result.items]);
    const partitions = [...said.matchAll(/arn:(aws[\w-]*):/g)].map(([, name]) => name);

    expect(result.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(result.violations).toEqual([]);
    expect(result.incidents.map(({ outcome }) => outcome)).toEqual(['RESOLVED']);
    expect([...new Set(partitions)]).toEqual([partition]);
  },
);

const one = (Type: string, Properties: Record<string, unknown>): CompiledTemplate => ({
  Resources: { One: { Type, Properties } },
});
const named = (template: CompiledTemplate) => () => nameByRegion(template, 'incident-playbooks-dev', 'us-east-1');

test('a role’s name that is too long with its region is refused, naming the property and what to do', () => {
  const role = (length: number) => one('AWS::IAM::Role', { RoleName: 'r'.repeat(length) });
  const longest = 64 - '-us-east-1'.length;

  expect(named(role(longest))).not.toThrow();
  expect(named(role(longest + 2))).toThrow(NameError);
  expect(named(role(longest + 2))).toThrow(/^One\.RoleName: .* 66 characters.* 64.* shorter by 2/);
});

test('a role without a name is refused, because CloudFormation would make one and cut it', () => {
  expect(named(one('AWS::IAM::Role', {}))).toThrow(/^One\.RoleName: /);
});

test.each([
  ['AWS::Events::Rule', 'Name', 65],
  ['AWS::Lambda::Function', 'FunctionName', 65],
  ['AWS::SQS::Queue', 'QueueName', 81],
])('a name of %s that AWS would reject is refused before the deployment', (type, property, length) => {
  expect(named(one(type, { [property]: 'n'.repeat(length) }))).toThrow(`One.${property}`);
  expect(named(one(type, { [property]: 'n'.repeat(length - 1) }))).not.toThrow();
});

test.each([
  ['us-east-1', 13],
  ['ap-southeast-2', 8],
])('in %s a stage name may have the characters that the operating guide promises', async (region, length) => {
  const { Resources } = await packagedFor(region);
  const names = Object.values(Resources).map(({ Properties }) => String(Properties.RoleName ?? '').length);
  const guide = await readFile(join(root, 'docs/operating.md'), 'utf8');

  expect(Math.max(...names) - 'dev'.length + length).toBeLessThanOrEqual(64);
  expect(guide).toMatch(new RegExp(`in \`${region}\`[^,.]* up to ${length}\\b`));
});

/** The project with one more stage in resources/stages.yml. @returns its folder */
async function projectWith(stage: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stages-'));
  // The framework takes no link for its own file.
  const copied = ['serverless.yml', 'resources'];
  const own = ['.git', '.serverless', '.esbuild', '.drill', ...copied];
  for (const name of await readdir(root)) if (!own.includes(name)) await symlink(join(root, name), join(folder, name));
  for (const name of copied) await cp(join(root, name), join(folder, name), { recursive: true });
  await appendFile(join(folder, 'resources/stages.yml'), `${stage}: {}\n`);
  return folder;
}

test('serverless package refuses a stage whose names are too long in its region', async () => {
  const command = createRequire(__filename).resolve('serverless/bin/serverless.js');
  const args = [command, 'template', '--stage', 'integration', '--region', 'ap-southeast-2'];
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, SLS_TELEMETRY_DISABLED: '1' };
  const cwd = await projectWith('integration');
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, env }).then(
    () => ({ stdout: 'It was packaged.' }),
    (error: { stdout: string; stderr: string }) => ({ stdout: error.stdout + error.stderr }),
  );
  await rm(cwd, { recursive: true });

  expect(stdout).toMatch(/\w+\.RoleName: incident-playbooks-integration-[\w-]+-ap-southeast-2 has \d+ characters/);
});
