import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { unzipSync } from 'fflate';
import { parse } from 'yaml';
import { packageStage } from '../../drill/packaging/package-stage';
import { loadScenario } from '../../drill/scenario/load';
import { runScenario } from '../../drill/scenario/run';
import { bundledCode } from '../../drill/stack/bundles';
import { account, region } from '../../drill/stack/place';
import { resolveTemplate } from '../../drill/stack/resolve';
import { parseTemplate, type Template } from '../../drill/stack/template';
import { dropRight } from '../../packaging/complete-template';
import { encryptAll } from '../../packaging/customer-key';
import { fixedParams, releaseParameters } from '../../packaging/release-parameters';
import { parseStages } from '../../packaging/stages';
import { parameterName } from '../../tools/release/places';
import { makeRelease, writeRelease } from '../../tools/release/write';
import { lint } from '../template/lint';

const stages = parse(readFileSync(join(__dirname, '../../resources/stages.yml'), 'utf8'));
let folder: string;
let files: string[];
let text: string;
let template: Template;
let bundles: Map<string, Buffer>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'release-'));
  await writeRelease(await makeRelease(), folder);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  files = entries.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name).slice(folder.length + 1));
  text = await readFile(join(folder, 'template.json'), 'utf8');
  template = parseTemplate(text, 'template.json');
  const zips = files.filter((one) => one.startsWith('bundles/'));
  bundles = new Map(await Promise.all(zips.map(async (file) => [file, await readFile(join(folder, file))] as const)));
});
afterAll(() => rm(folder, { recursive: true }));

test('an empty folder holds template, bundles, bill of materials, licence and the checksums of them all', async () => {
  const sums = (await readFile(join(folder, 'SHA256SUMS'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => line.split('  '));
  const functions = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
  const sbom = JSON.parse(await readFile(join(folder, 'sbom.json'), 'utf8'));

  expect(files.filter((file) => !file.startsWith('bundles/')).sort()).toEqual([
    'LICENSE',
    'SHA256SUMS',
    'sbom.json',
    'template.json',
  ]);
  expect(sums.map(([, file]) => file).sort()).toEqual(files.filter((file) => file !== 'SHA256SUMS').sort());
  for (const [sum, file] of sums) {
    const content = await readFile(join(folder, file!));
    expect([file, createHash('sha256').update(content).digest('hex')]).toEqual([file, sum]);
  }
  expect(functions.length).toBeGreaterThan(60);
  for (const { Properties } of functions) {
    const { 'Fn::Sub': key } = (Properties.Code as { S3Key: { 'Fn::Sub': string } }).S3Key;
    expect(files).toContain(key.replace('${BundlesPrefix}', 'bundles/'));
  }
  expect(sbom).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: 'incident-playbooks' } } });
});

test('the template is valid by CloudFormation’s own schemas, and refers to what is there', () => {
  expect(lint(JSON.parse(text))).toEqual([]);
  expect(Buffer.byteLength(text)).toBeLessThan(1_000_000);
});

test('nothing of the stages that it was made of is left in template and bundles', async () => {
  const left = /alphastage|betastage|us-east-1|eu-west-1|\.serverless|sls-/;

  expect(text.match(left)).toBeNull();
  expect(text).not.toContain('ServerlessDeploymentBucket');
  for (const file of files.filter((one) => one.startsWith('bundles/')))
    for (const content of Object.values(unzipSync(await readFile(join(folder, file)))))
      expect([file, /alphastage|betastage/.test(Buffer.from(content).toString('latin1'))]).toEqual([file, false]);
});

test('every stage param is a parameter with the default of resources/stages.yml, or fixed with a reason', () => {
  const { Parameters } = JSON.parse(text) as { Parameters: Record<string, { Default?: string }> };
  const params = Object.keys(parseStages(stages, 'dev'));
  const names = params.filter((name) => !(name in fixedParams)).map(parameterName);

  expect(Object.keys(Parameters).sort()).toEqual([...names, 'Stage', 'BundlesBucket', 'BundlesPrefix'].sort());
  for (const name of Object.keys(releaseParameters))
    expect([name, Parameters[parameterName(name)]!.Default]).toEqual([name, String(stages.default[name])]);
  // A parameter that nothing uses would be a promise that is not kept.
  const used = JSON.stringify([template.Resources, template.Conditions]);
  const unused = Object.keys(Parameters).filter((name) => !new RegExp(`"Ref":"${name}"|\\$\\{${name}\\}`).test(used));
  expect(unused).toEqual([]);
});

const parametersOf = (stage: string, more: Record<string, string> = {}) => ({
  Stage: stage,
  BundlesBucket: 'bundles-of-somebody',
  ...Object.fromEntries(
    Object.entries(parseStages(stages, stage))
      .filter(([name]) => !(name in fixedParams))
      .map(([name, value]) => [parameterName(name), String(value)]),
  ),
  ...more,
});

/** What a stack has, without what differs from packaging to packaging, and with every value as text. */
function contents(packaged: Template, stage: string, parameters: Record<string, string> = {}) {
  const place = { account, region, stackName: `incident-playbooks-${stage}`, parameters };
  const plain = (node: unknown, key = ''): unknown => {
    if (typeof node === 'string' && /^(DefinitionString|EventPattern|DashboardBody)$/.test(key))
      return plain(JSON.parse(node));
    if (Array.isArray(node)) return node.map((one) => plain(one));
    if (typeof node !== 'object' || node === null) return String(node).replace(/(LambdaVersion)[A-Za-z0-9]+/g, '$1');
    return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, plain(value, name)]));
  };
  const resources = [...resolveTemplate(packaged, place).values()].filter(
    ({ logicalId }) => !logicalId.startsWith('ServerlessDeployment'),
  );
  return new Map(
    resources.map(({ logicalId, type, properties }) => {
      const { Code, CodeSha256, ...rest } = properties;
      if (type === 'AWS::Lambda::Version') delete rest.Description;
      return [plain(logicalId) as string, { type, properties: plain(rest) }];
    }),
  );
}

test.each(['dev', 'prod'])('with the values of %s it has what that stage is packaged to', async (stage) => {
  const released = contents(template, stage, parametersOf(stage));

  expect(released.size).toBeGreaterThan(350);
  expect(released).toEqual(contents(await packageStage(stage), stage));
});

test('a customer’s key, a stage that never revokes sessions, and reserved concurrency are what packaging makes of them', async () => {
  const key = 'arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
  const expected = structuredClone(await packageStage('dev'));
  encryptAll(expected.Resources, key);
  for (const { Type, Properties } of Object.values(expected.Resources)) {
    if (Type === 'AWS::IAM::Role') dropRight(Properties, 'iam:PutRolePolicy');
    if (Type !== 'AWS::Lambda::Function') continue;
    Properties.ReservedConcurrentExecutions ??= 7;
    const { Variables } = Properties.Environment as { Variables: Record<string, unknown> };
    if ('REVOKE_SESSIONS' in Variables) Variables.REVOKE_SESSIONS = 'never';
  }
  const parameters = parametersOf('dev', { CustomerKeyArn: key, RevokeSessions: 'never', ReservedConcurrency: '7' });

  expect(contents(template, 'dev', parameters)).toEqual(contents(expected, 'dev'));
});

/** What CloudFormation compares to see whether a version is another one, for given values. */
function versions(parameters: Record<string, string>): Map<string, string> {
  const place = { account, region, stackName: 'stack', parameters: parametersOf('dev', parameters) };
  return new Map(
    [...resolveTemplate(template, place).values()]
      .filter(({ type }) => type === 'AWS::Lambda::Version')
      .map(({ logicalId, properties }) => [logicalId, String(properties.Description)]),
  );
}
/** The environment of each version's function. */
function environments(parameters: Record<string, string>): Map<string, string> {
  const place = { account, region, stackName: 'stack', parameters: parametersOf('dev', parameters) };
  const all = resolveTemplate(template, place);
  return new Map(
    [...versions(parameters).keys()].map((id) => {
      const { Ref } = template.Resources[id]!.Properties.FunctionName as { Ref: string };
      return [id, JSON.stringify(all.get(Ref)!.properties.Environment ?? null)];
    }),
  );
}

test.each([
  [{ Mode: 'act' }],
  [{ NeverBlock: '10.0.0.0/8' }],
  [{ EvidenceLockDays: '1' }],
  [{ EvidenceLockDays: '400' }],
  [{ NoticeEmail: 'on-call@example.com' }],
  [{ ApprovalSeconds: '100' }],
  [{ RevokeSessions: 'never', CpuHighMinutes: '60' }],
])('with %j a new version is published of the functions whose environment changes, and of no other', (change) => {
  const [before, after] = [versions({ EvidenceLockDays: '30' }), versions({ EvidenceLockDays: '30', ...change })];
  const [was, is] = [environments({ EvidenceLockDays: '30' }), environments({ EvidenceLockDays: '30', ...change })];
  const changed = (a: Map<string, string>, b: Map<string, string>) =>
    [...a.keys()].filter((id) => a.get(id) !== b.get(id));

  expect(changed(before, after)).toEqual(changed(was, is));
});

test('the description of a version has room for the longest values', () => {
  const { Parameters } = JSON.parse(text) as {
    Parameters: Record<string, { MaxLength?: number; AllowedValues?: string[] }>;
  };
  const longest = Object.fromEntries(
    Object.entries(Parameters).map(([name, { MaxLength = 20, AllowedValues }]) => [
      name,
      'x'.repeat(AllowedValues ? Math.max(...AllowedValues.map((one) => one.length)) : MaxLength),
    ]),
  );
  const { CpuHighMinutes: _mapped, ...others } = longest;
  // Lambda API reference, PublishVersion: at most 256 characters.
  expect(Math.max(...[...versions(others).values()].map((one) => one.length))).toBeLessThanOrEqual(256);
});

test('a drill runs from exactly its template and bundles', async () => {
  const opened: string[] = [];
  const code = bundledCode((key) => {
    const file = key.replace('incident-playbooks/', 'bundles/');
    opened.push(file);
    return bundles.get(file)!;
  });
  const scenario = await loadScenario('cpu-high-restart');
  // A function for logs is there only where a stage names some.
  const logGroups = [{ name: '/vpc/flow-logs', lines: [] }];
  const result = await runScenario(
    { ...scenario, account: { ...scenario.account, logGroups } },
    { template, parameters: { ...parametersOf('dev'), FlowLogGroup: '/vpc/flow-logs' }, code },
  );

  expect(result.checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(result.violations).toEqual([]);
  expect(result.incidents.map(({ outcome }) => outcome)).toEqual(['RESOLVED']);
  expect(opened.sort()).toEqual([...bundles.keys()].sort());
  expect(code.clients().length).toBeGreaterThan(60);
});

test('a drill with a spoke runs from the bundles, whose clients of STS are made when they are needed', async () => {
  // Of a release, spokes are fixed: the code is that of any stage, and the template that of one with spokes.
  const byName = new Map([...bundles].map(([file, zip]) => [basename(file).replace(/-[0-9a-f]{16}/, ''), zip]));
  const code = bundledCode((key) => byName.get(basename(key))!);
  const result = await runScenario(await loadScenario('spoke-restart'), { code });

  expect(result.checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(result.violations).toEqual([]);
  const sessions = result.ledger.filter(({ command }) => command === 'AssumeRole');
  const stop = result.ledger.find(({ command }) => command === 'StopInstances');
  expect(sessions.length).toBeGreaterThan(5);
  expect(stop).toMatchObject({ account: '210987654321', result: 'ok', session: { roleName: expect.any(String) } });
});

test('a folder with something in it is refused', async () => {
  const used = await mkdtemp(join(tmpdir(), 'used-'));
  await writeFile(join(used, 'template.json'), '{}');

  await expect(writeRelease({ version: '1', template: {}, files: new Map() }, used)).rejects.toThrow(
    'is not empty: name a new folder with --out',
  );
  await rm(used, { recursive: true });
});
