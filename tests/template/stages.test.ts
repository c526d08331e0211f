import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { parseStages } from '../../packaging/stages';
import { wholeTemplate } from './packaged';

const root = join(__dirname, '..', '..');
const stages = parse(readFileSync(join(root, 'resources/stages.yml'), 'utf8'));

/** What `serverless package` says on its way out, without credentials and without a network. */
async function packageWith(param: string): Promise<string> {
  const command = createRequire(__filename).resolve('serverless/bin/serverless.js');
  const args = [command, 'package', '--stage', 'dev', '--param', param];
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, SLS_TELEMETRY_DISABLED: '1' };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: root, env }).then(
    () => ({ stdout: 'It was packaged.', stderr: '' }),
    (error: { stdout: string; stderr: string }) => error,
  );
  return stdout + stderr;
}

test.each([
  ['mode=yolo', 'mode'],
  ['approvalSeconds=120', 'approvalSeconds'],
  ['breakerLimt=3', 'breakerLimt'],
])('serverless package refuses %s and names the field', async (param, field) => {
  const said = await packageWith(param);

  expect(said).toContain(`Stage dev is not valid`);
  expect(said).toContain(field);
});

/** The template as every stage would have it: without the stage's name, times, and hashes over what holds that name. */
async function nameless(stage: string): Promise<unknown> {
  const text = JSON.stringify(await wholeTemplate(stage))
    .replaceAll(/\/\d{13}-[\dTZ:.-]+\//g, '/time/')
    .replaceAll(/(LambdaVersion|StateMachineVersion)\w+/g, '$1')
    .replaceAll(new RegExp(`\\b${stage}\\b`, 'g'), 'STAGE');
  return JSON.parse(text);
}

type Difference = { at: string; left: unknown; right: unknown };

/** Every place where two values differ, with both values. */
function differences(left: unknown, right: unknown, at = ''): Difference[] {
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
    return left === right ? [] : [{ at, left, right }];
  }
  const [a, b] = [left, right] as Record<string, unknown>[];
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].flatMap((key) => differences(a![key], b![key], at ? `${at}.${key}` : key));
}

describe.each([
  ['dev', 'staging'],
  ['dev', 'prod'],
  ['staging', 'prod'],
])('between %s and %s', (left, right) => {
  const [leftParams, rightParams] = [parseStages(stages, left), parseStages(stages, right)];
  const differing = (Object.keys(leftParams) as (keyof typeof leftParams)[]).filter(
    (name) => String(leftParams[name]) !== String(rightParams[name]),
  );
  const explains = (difference: Difference) =>
    differing.find(
      (name) =>
        String(difference.left) === String(leftParams[name]) && String(difference.right) === String(rightParams[name]),
    );

  test('nothing differs but what a param says', async () => {
    const found = differences(await nameless(left), await nameless(right));

    expect(found.filter((difference) => !explains(difference))).toEqual([]);
  });

  test('every param that differs is seen in the template', async () => {
    const found = differences(await nameless(left), await nameless(right));

    expect(new Set(found.map(explains))).toEqual(new Set(differing));
  });
});

test('a stage that is removed leaves its records and evidence, and of the rest nothing by itself', async () => {
  const { Resources } = await wholeTemplate('prod');
  const staying = Object.values(Resources).filter(
    ({ DeletionPolicy }) => DeletionPolicy && DeletionPolicy !== 'Delete',
  );

  // A version goes with its function or machine: it is kept only while those are there, as the way back.
  expect(new Set(staying.map(({ Type }) => Type))).toEqual(
    new Set([
      'AWS::DynamoDB::Table',
      'AWS::Lambda::Version',
      'AWS::S3::Bucket',
      'AWS::S3::BucketPolicy',
      'AWS::StepFunctions::StateMachineVersion',
    ]),
  );
});

test('a stage has a name in each name that an account holds once, so that stages stand side by side', async () => {
  const names =
    /^(TableName|TopicName|QueueName|FunctionName|RoleName|StateMachineName|AlarmName|DashboardName|LogGroupName|InstanceProfileName|Name)$/;
  const { Resources } = await wholeTemplate('staging');
  const unnamed = Object.entries(Resources).flatMap(([id, { Type, Properties }]) =>
    Type.endsWith('Alias')
      ? []
      : Object.entries(Properties)
          .filter(([key, value]) => names.test(key) && typeof value === 'string' && !value.includes('staging'))
          .map(([key]) => `${id}.${key}`),
  );

  expect(unnamed).toEqual([]);
});
