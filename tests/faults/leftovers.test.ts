import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageStage } from '../../drill/packaging/package-stage';
import { incidentTag, quarantineGroupTag } from '../../functions/containment/saved';
import type { Resource } from '../../packaging/references';
import { commandsOf, textOf } from '../../tools/docs/pages';
import { readWholeTemplate } from '../../tools/template/checks/model';
import { CleanUp } from '../fixtures/aws-cli';

type Resources = Record<string, Resource>;
const guide = textOf('docs/operating.md');
const sectionOf = (title: string) => guide.slice(guide.indexOf(`## ${title}`)).split(/\n## /)[0]!;
const failures = sectionOf('A deployment that fails');
const removal = sectionOf('Remove a stage');
const table = 'AWS::DynamoDB::Table us-east-1 incident-playbooks-dev-incidents';

let stack: Resources;
/** What a clone creates first: the bucket into which it uploads the rest. */
let bucketAlone: Resources;
beforeAll(async () => {
  await packageStage('dev');
  const text = await readFile(join(__dirname, '../../.drill/packages/dev.json'), 'utf8');
  stack = readWholeTemplate(text).Resources as Resources;
  bucketAlone = Object.fromEntries(Object.entries(stack).filter(([id]) => id.startsWith('ServerlessDeployment')));
});

/** The command that the guide has in a table's row for a status. */
function commandFor(status: string): string | undefined {
  const row = failures.split('\n').find((line) => line.startsWith('|') && line.includes(`\`${status}\``));
  if (!row) throw new Error(`The guide has no row for ${status}.`);
  return /`(aws [^`]+)`/.exec(row)?.[1];
}
/** The commands of the guide's blocks that contain a word, in their order. */
const commands = (section: string, word: string) => commandsOf(section).filter((command) => command.includes(word));
const next = (resources: Resources): Resources => {
  const copy = structuredClone(resources);
  copy.StopInstanceLambdaFunction!.Properties!.Description = 'changed';
  return copy;
};
const statusOf = (cleanUp: CleanUp) => cleanUp.run(commands(failures, 'describe-stacks')[0]!);

test('a first deployment from a clone that fails leaves the deployment bucket, and is repeated', () => {
  const cleanUp = new CleanUp();
  cleanUp.deploy(bucketAlone);
  const before = [...cleanUp.account.things.keys()];

  expect(() => cleanUp.deploy(stack, { failing: 'IncidentsDashboard' })).toThrow('Access denied');
  expect(statusOf(cleanUp)).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect([...cleanUp.account.things.keys()]).toEqual(before);
  expect(commandFor('UPDATE_ROLLBACK_COMPLETE')).toBeUndefined();
  cleanUp.deploy(stack);
});

test('a first deployment of a release that fails leaves a stack without resources, which the command removes', () => {
  const cleanUp = new CleanUp();
  expect(() => cleanUp.deploy(stack, { failing: 'IncidentsDashboard' })).toThrow('Access denied');
  expect(statusOf(cleanUp)).toBe('ROLLBACK_COMPLETE');
  expect([...cleanUp.account.things.keys()]).toEqual([]);

  expect(() => cleanUp.deploy(stack)).toThrow('ROLLBACK_COMPLETE state and can not be updated');
  cleanUp.run(commandFor('ROLLBACK_COMPLETE')!);
  cleanUp.deploy(stack);
});

test('an upgrade that fails leaves all of the release before, and is repeated', () => {
  const cleanUp = new CleanUp();
  cleanUp.deploy(stack);
  const contents = () =>
    JSON.stringify([...cleanUp.account.things].map(([key, { content, published }]) => [key, content, published]));
  const before = contents();

  expect(() => cleanUp.deploy(next(stack), { failing: 'IncidentsDashboard' })).toThrow('Access denied');
  expect(statusOf(cleanUp)).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(contents()).toBe(before);
  cleanUp.deploy(next(stack));
});

test('an upgrade whose rollback fails too is continued by the command, and repeated', () => {
  const cleanUp = new CleanUp();
  cleanUp.deploy(stack);
  expect(() => cleanUp.deploy(next(stack), { failing: 'IncidentsDashboard', isStuck: true })).toThrow('Access denied');

  expect(statusOf(cleanUp)).toBe('UPDATE_ROLLBACK_FAILED');
  expect(() => cleanUp.deploy(next(stack))).toThrow('can not be updated');
  cleanUp.run(commandFor('UPDATE_ROLLBACK_FAILED')!);
  cleanUp.deploy(next(stack));
});

test('a removal that fails is repeated by the command once nothing uses the IP set', () => {
  const cleanUp = new CleanUp();
  cleanUp.deploy(stack);
  expect(() => cleanUp.remove(['BlockedIpv4Set'])).toThrow('in use');

  expect(statusOf(cleanUp)).toBe('DELETE_FAILED');
  expect(() => cleanUp.deploy(stack)).toThrow('DELETE_FAILED state and can not be updated');
  cleanUp.run(commandFor('DELETE_FAILED')!);
  expect(statusOf(cleanUp)).toBeUndefined();
});

test('a bucket with a list of a patrol in it keeps the stack from being removed until the commands have emptied it', () => {
  const cleanUp = new CleanUp();
  cleanUp.deploy(stack);
  cleanUp.full.add('PatrolBucket');
  expect(() => cleanUp.remove()).toThrow('PatrolBucket');

  expect(() => cleanUp.run(commandFor('DELETE_FAILED')!)).toThrow('PatrolBucket');
  const [name, empty] = [commands(failures, 'PatrolBucket')[0]!, commands(failures, 'aws s3 rm')[0]!];
  expect(cleanUp.run(name)).toMatch(/^AWS::S3::Bucket .*patrolbucket/);
  cleanUp.run(empty);
  cleanUp.run(commandFor('DELETE_FAILED')!);
  expect(statusOf(cleanUp)).toBeUndefined();
});

test('a removal leaves table and evidence of the stack, which the guide names, and nothing else', () => {
  const cleanUp = new CleanUp();
  cleanUp.deploy(stack);
  cleanUp.account.protectedTables.add(table);
  cleanUp.remove();

  const types = [...cleanUp.account.things.values()].map(({ type }) => type).sort();
  expect(types).toEqual(['AWS::DynamoDB::Table', 'AWS::S3::Bucket', 'AWS::S3::BucketPolicy']);
  expect(removal).toContain('| the table `incident-playbooks-dev-incidents` ');
  expect(removal).toContain('| the evidence bucket with its policy ');
});

test('the table of a removed stage blocks the next one until the commands have saved and deleted it', () => {
  const cleanUp = new CleanUp();
  cleanUp.deploy(stack);
  cleanUp.account.protectedTables.add(table);
  cleanUp.remove();
  cleanUp.deploy(bucketAlone);
  expect(() => cleanUp.deploy(stack)).toThrow(`${table} already exists`);
  // Without the command that takes the protection away, the table stays.
  expect(() => cleanUp.run(commands(failures, 'dynamodb delete-table')[0]!)).toThrow('protected against deletion');

  const all = commands(failures, 'aws dynamodb');
  expect(all.map((command) => command.split(' ')[2])).toEqual([
    'scan',
    'create-backup',
    'update-table',
    'delete-table',
  ]);
  for (const command of all) cleanUp.run(command);
  expect(cleanUp.backups).toEqual([table]);
  cleanUp.deploy(stack);
});

test('what is not part of the stack goes by the commands; locked evidence only once its lock has expired', () => {
  const cleanUp = new CleanUp();
  cleanUp.deploy(stack);
  cleanUp.remove();
  const saved = 'isolations/INCIDENT/saved.json';
  const ids = [
    'restart-instance-dev-cpu-high-i-0123456789abcdef0',
    'snap-0123456789abcdef0',
    'sg-0123456789abcdef0',
    saved,
  ];
  for (const id of ids) cleanUp.outside.add(id);
  cleanUp.locked.add(saved);
  const aws = commandsOf(removal).filter((command) => command.startsWith('aws '));
  const looks = aws.filter((command) => /(list|describe)-/.test(command));
  const deletes = aws.filter((command) => command.includes(' delete-'));

  expect(looks.length + deletes.length).toBe(aws.length);
  expect(looks.flatMap((command) => cleanUp.run(command)).sort()).toEqual([...ids].sort());
  expect(() => cleanUp.run(deletes.find((command) => command.includes('delete-bucket'))!)).toThrow('BucketNotEmpty');
  expect(() => cleanUp.run(deletes.find((command) => command.includes('delete-object'))!)).toThrow('object lock');
  cleanUp.locked.clear();
  for (const command of deletes) cleanUp.run(command);
  expect([...cleanUp.outside]).toEqual([]);
  expect([...cleanUp.account.things.keys()]).toEqual([table]);
});

test('the commands look by the tags that isolations write', () => {
  expect(commands(removal, 'describe-snapshots')[0]).toContain(`Values=${incidentTag}`);
  expect(commands(removal, 'describe-security-groups')[0]).toContain(`Values=${quarantineGroupTag}`);
});
