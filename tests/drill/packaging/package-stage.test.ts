import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withLock } from '../../../drill/packaging/lock';
import { PackagingError, packageStage } from '../../../drill/packaging/package-stage';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'playbooks-'));
  for (const folder of ['functions/alarm', 'statemachines', 'resources', 'packaging'])
    await mkdir(join(root, folder), { recursive: true });
  await write('serverless.yml', 'service: x');
  await write('package-lock.json', '{}');
  await write('functions/alarm/functions.yml', 'readAlarm: {}');
  await write('functions/alarm/read-alarm.ts', 'export {}');
});
afterEach(() => rm(root, { recursive: true }));

const write = (file: string, text: string) => writeFile(join(root, file), text);

/** Stands in for the Serverless Framework: counts how often it was asked, and takes a moment. */
function packager() {
  const asked: string[] = [];
  const packageService = async (folder: string, stage: string) => {
    asked.push(stage);
    await mkdir(join(folder, '.serverless'), { recursive: true });
    const template = {
      Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: `${stage}-${asked.length}` } } },
    };
    await writeFile(join(folder, '.serverless/cloudformation-template-update-stack.json'), JSON.stringify(template));
  };
  return { asked, packageService };
}

test('a stage is packaged once and then kept', async () => {
  const { asked, packageService } = packager();

  const first = await packageStage('dev', { root, packageService });
  const second = await packageStage('dev', { root, packageService });

  expect(asked).toEqual(['dev']);
  expect(second).toEqual(first);
});

test.each([
  ['serverless.yml', true],
  ['package-lock.json', true],
  ['functions/alarm/functions.yml', true],
  ['resources/new.yml', true],
  ['statemachines/new.asl.yml', true],
  ['packaging/frame.ts', true],
  ['functions/alarm/read-alarm.ts', false],
])('a change of %s means packaging again: %p', async (file, again) => {
  const { asked, packageService } = packager();
  await packageStage('dev', { root, packageService });

  await write(file, 'changed');
  await packageStage('dev', { root, packageService });

  expect(asked.length === 2).toBe(again);
});

test('stages are kept apart', async () => {
  const { asked, packageService } = packager();

  await packageStage('dev', { root, packageService });
  await packageStage('prod', { root, packageService });
  await packageStage('dev', { root, packageService });

  expect(asked).toEqual(['dev', 'prod']);
});

test('two that want the same stage at once get it from one packaging', async () => {
  const { asked, packageService } = packager();

  const [one, other] = await Promise.all([
    packageStage('dev', { root, packageService }),
    packageStage('dev', { root, packageService }),
  ]);

  expect(asked).toEqual(['dev']);
  expect(other).toEqual(one);
});

test('a packaging that fails leaves nothing behind that would be taken for a result', async () => {
  const failing = () => Promise.reject(new PackagingError('serverless package --stage dev failed: no such file'));
  await expect(packageStage('dev', { root, packageService: failing })).rejects.toThrow('no such file');

  const { asked, packageService } = packager();
  await packageStage('dev', { root, packageService });

  expect(asked).toEqual(['dev']);
  expect(await readdir(join(root, '.drill/packages'))).toEqual(['dev.fingerprint', 'dev.json']);
});

test.each(['../prod', 'dev; rm', 'Dev', ''])('%p is not a valid stage name', async (stage) => {
  await expect(packageStage(stage, { root })).rejects.toThrow(PackagingError);
});

test('the lock of a process that is gone is taken over', async () => {
  const lock = join(root, '.lock');
  await mkdir(lock);
  // No process has a number this high (the kernel's limit is 2^22).
  await writeFile(join(lock, 'pid'), '99999999');

  await expect(withLock(lock, () => Promise.resolve('done'))).resolves.toBe('done');
});

test('work under the lock never overlaps', async () => {
  const lock = join(root, '.lock');
  let inside = 0;
  let most = 0;
  const work = async () => {
    inside += 1;
    most = Math.max(most, inside);
    await new Promise((resolve) => setImmediate(resolve));
    inside -= 1;
  };

  await Promise.all([withLock(lock, work), withLock(lock, work), withLock(lock, work)]);

  expect(most).toBe(1);
});
