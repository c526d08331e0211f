import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageStage } from '../../drill/packaging/package-stage';
import { bundle } from './bundle';

type Statement = { Effect: string; Action: string | string[] };
interface Deployed {
  name: string;
  code: string;
  allowed: string[];
}

/** IAM's prefix of the services whose clients the steps use. */
const prefixes: Record<string, string> = {
  'auto-scaling': 'autoscaling',
  cloudwatch: 'cloudwatch',
  dynamodb: 'dynamodb',
  ec2: 'ec2',
  'elastic-load-balancing-v2': 'elasticloadbalancing',
  iam: 'iam',
  kms: 'kms',
  sfn: 'states',
  sns: 'sns',
  ssm: 'ssm',
  wafv2: 'wafv2',
};

/** Rights that a call needs besides, or that AWS asks for on behalf of a call; each with its reason. */
const besides: Record<string, string> = {
  'kms:Decrypt': 'SNS encrypts what is published under the topic’s key',
  'kms:GenerateDataKey': 'SNS encrypts what is published under the topic’s key',
  'kms:CreateGrant': 'EC2 asks for it when it starts an instance whose volumes are encrypted',
  'cloudwatch:TagResource': 'CloudWatch asks for it when an alarm is made with tags',
  'ec2:CreateTags': 'EC2 asks for it when snapshots are created with tags',
  'iam:PassRole': 'EC2 asks for it when an instance profile is put on an instance',
  'xray:PutTraceSegments': 'tracing',
  'xray:PutTelemetryRecords': 'tracing',
  'logs:CreateLogStream': 'Lambda writes the log',
  'logs:CreateLogGroup': 'Lambda writes the log',
  'logs:PutLogEvents': 'Lambda writes the log',
  'logs:TagResource': 'Lambda writes the log',
};

/** Which service each SDK command belongs to, from the SDK's own packages. */
function servicesByCommand(): Map<string, string> {
  const found = new Map<string, string>();
  for (const [service, prefix] of Object.entries(prefixes)) {
    const folder = join(
      __dirname,
      '..',
      '..',
      'node_modules',
      '@aws-sdk',
      `client-${service}`,
      'dist-types',
      'commands',
    );
    for (const file of readdirSync(folder)) {
      const command = /^(\w+)Command\.d\.ts$/.exec(file)?.[1];
      if (command) found.set(`${prefix}:${command}`, prefix);
    }
  }
  return found;
}

/** Commands that the document client's paginators and the endpoint discovery bring along, whether used or not. */
const alwaysThere = ['dynamodb:Query', 'dynamodb:Scan', 'dynamodb:DescribeEndpoints'];

let deployed: Deployed[];

beforeAll(async () => {
  const { Resources } = await packageStage('dev');
  const functions = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
  deployed = await Promise.all(
    functions.map(async ({ Properties }) => {
      const [role = ''] = (Properties?.Role as { 'Fn::GetAtt': string[] } | undefined)?.['Fn::GetAtt'] ?? [];
      const policies = (Resources[role]?.Properties?.Policies ?? []) as {
        PolicyDocument: { Statement: Statement[] };
      }[];
      const statements = policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
      const allowed = statements.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action);
      return { name: String(Properties?.FunctionName), code: await bundle(String(Properties?.Handler)), allowed };
    }),
  );
}, 900_000);

test('every function is at most 1 MB unzipped, minified and tree-shaken', () => {
  expect(deployed.length).toBeGreaterThan(15);
  expect(deployed.filter(({ code }) => Buffer.byteLength(code) > 1_000_000).map(({ name }) => name)).toEqual([]);
});

/** The calls that a bundle can make: tree-shaking leaves only commands that are used, and keepNames leaves their names. */
function callsIn(code: string, known: Map<string, string>): string[] {
  const documentCommands: Record<string, string> = {
    Get: 'GetItem',
    Put: 'PutItem',
    Update: 'UpdateItem',
    Delete: 'DeleteItem',
    TransactWrite: 'TransactWriteItems',
  };
  const names = new Set([...code.matchAll(/"(\w+)Command"/g)].map(([, name = '']) => documentCommands[name] ?? name));
  return [...known.keys()].filter((action) => names.has(action.split(':')[1]!));
}

test('what a function calls is allowed to its role, and nothing else is', () => {
  const known = servicesByCommand();
  const findings = deployed.flatMap(({ name, code, allowed }) => {
    const calls = callsIn(code, known).filter((call) => !alwaysThere.includes(call));
    // A name that two services have (DeleteTags) is allowed when it is allowed for one of them.
    const isAllowed = (call: string) => allowed.some((action) => action.split(':')[1] === call.split(':')[1]);
    const missing = calls
      .filter((call) => !isAllowed(call))
      .map((call) => `${name} calls ${call}, which is not allowed`);
    const extra = allowed
      .filter((action) => !calls.includes(action) && !(action in besides) && !alwaysThere.includes(action))
      .map((action) => `${name} is allowed ${action}, which it never calls`);
    return [...missing, ...extra];
  });

  expect(findings).toEqual([]);
});
