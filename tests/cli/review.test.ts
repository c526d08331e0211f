import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { main, reviewOf } from '../../cli/review';
import { readStage } from '../../cli/review/source';
import { cloudWatch } from '../../functions/shared/clients/cloudwatch';
import { table } from '../../functions/shared/clients/dynamodb';
import { needless, record } from '../review/records';
import { noisyAt, noisyValues, series } from '../review/series';

test('records out of a file are reviewed up to the newest of them', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'review-')), 'records.json');
  writeFileSync(file, JSON.stringify([record(), record()]));
  const { review: found } = await reviewOf({ stage: 'dev', records: file, days: 28, out: 'review.html' }, new Date());

  expect(found.figures.incidents).toBe(2);
  expect(found.until).toBe('2026-11-02T10:00:00.001Z');
});

describe('the command', () => {
  let said = '';
  beforeEach(() => {
    said = '';
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      said += String(text);
      return true;
    });
  });
  afterEach(() => jest.restoreAllMocks());

  test.each([
    ['days that are none', ['--days', 'some'], /--days <n>.*whole number of days from 1 to 400/],
    ['an account that is none', ['--account', '1234'], /--account <id>.*the ID of an account, 12 digits/],
    ['a file that is not there', ['--records', 'nowhere.json'], /nowhere\.json/],
  ])('%s: exit code 2, and what is wrong in a line', async (_what, argv, message) => {
    expect(await main(argv)).toBe(2);
    expect(said.trim()).toMatch(message);
    expect(said).not.toMatch(/\n\s+at /);
  });

  test('an instant that is none is refused', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'review-')), 'records.json');
    writeFileSync(file, JSON.stringify([record()]));

    expect(await main(['--records', file, '--until', 'May'])).toBe(2);
    expect(said).toMatch(/--until <instant>.*'May' is invalid\. it is not a time like 2026-03-02T09:00:00Z\n$/);
  });

  test('a stage that cannot be read is named, with what AWS says', async () => {
    const unreadable = Object.assign(new Error('no such table'), { name: 'ResourceNotFoundException' });
    jest.spyOn(table, 'send').mockRejectedValue(unreadable as never);

    expect(await main(['--stage', 'nowhere'])).toBe(2);
    expect(said).toMatch(/^Stage nowhere could not be read from incident-playbooks-nowhere-incidents: not found/);
  });
});

const [own, spoke] = ['123456789012', '210987654321'];
const place = { account: spoke, region: 'us-east-1' };
const executionId = `arn:aws:states:us-east-1:${own}:execution:incident-playbooks-dev-restart-instance:x`;
/** The same alarm and instance in both accounts: noise in the spoke, trouble in the own account. */
const inBoth = [
  ...noisyAt.map((openedAt) => needless({ openedAt, place, executionId })),
  record({ openedAt: noisyAt[0]!, executionId }),
];

describe('--account', () => {
  let said = '';
  beforeEach(() => {
    said = '';
    const write = (text: unknown) => {
      said += String(text);
      return true;
    };
    jest.spyOn(process.stderr, 'write').mockImplementation(write as never);
    jest.spyOn(process.stdout, 'write').mockImplementation(write as never);
  });
  afterEach(() => jest.restoreAllMocks());

  const written = () => {
    const folder = mkdtempSync(join(tmpdir(), 'review-'));
    const own = series(noisyValues(84));
    const all = { records: inBoth, series: [own, { ...series(noisyValues(94)), place }] };
    writeFileSync(join(folder, 'records.json'), JSON.stringify(all));
    return { file: join(folder, 'records.json'), page: join(folder, 'review.html') };
  };
  const offered = (accounts: string | undefined) => {
    const Items = inBoth.map((one) => ({ ...one, recordVersion: 3, trigger: 'alarm', status: 'CLOSED' }));
    jest
      .spyOn(table, 'send')
      .mockImplementation((async ({ input }: { input: { IndexName?: string } }) =>
        input.IndexName === 'by-opened' ? { Items } : {}) as never);
    const Environment = { Variables: { ...(accounts ? { ACCOUNT_IDS: accounts } : {}) } };
    jest.spyOn(LambdaClient.prototype, 'send').mockResolvedValue({ Environment } as never);
  };

  test('of a file leaves the records and the series of the others out', async () => {
    const { file, page } = written();

    expect(await main(['--records', file, '--account', spoke, '--out', page])).toBe(0);
    expect(said).toMatch(/3 incidents \(3 skipped\)/);
    expect(said).toMatch(/account 210987654321.*: 80 % → 9/);
    expect(readFileSync(page, 'utf8')).toContain(`with credentials of account ${spoke}`);
  });

  test('that has nothing in a file is a mistake, told with the flag and those that have', async () => {
    const { file, page } = written();

    expect(await main(['--records', file, '--account', '999988887777', '--out', page])).toBe(2);
    expect(said).toBe(`--account 999988887777: ${file} has no incident of this account, but of ${own}, ${spoke}\n`);
  });

  test('that the stage does not list is a mistake, told with the flag and those that it does', async () => {
    offered(`${own},${spoke}`);

    expect(await main(['--account', '999988887777'])).toBe(2);
    expect(said).toBe(
      `--account 999988887777: stage dev does not look after this account; its accounts are ${own}, ${spoke}\n`,
    );
  });

  test('of a stage whose list cannot be read is not taken for one of its accounts', async () => {
    offered(undefined);
    const refused = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
    jest.spyOn(LambdaClient.prototype, 'send').mockRejectedValue(refused as never);

    expect(await main(['--account', spoke])).toBe(2);
    expect(said).toMatch(
      /^The accounts of stage dev could not be read for --account: your credentials do not allow this/,
    );
  });

  test('of a spoke asks CloudWatch of nothing: the caller is not in it, and the review says so', async () => {
    offered(`${own},${spoke}`);
    const send = jest.spyOn(cloudWatch, 'send');
    const period = [new Date('2026-11-01T00:00:00Z'), new Date('2026-11-29T00:00:00Z')] as const;
    const { records, notRead } = await readStage({ stage: 'dev', account: spoke }, ...period);

    expect(records).toHaveLength(3);
    expect(send).not.toHaveBeenCalled();
    expect(notRead).toEqual([
      { place, alarmNames: [record().alarmName], why: expect.stringContaining('the notice of the weekly review') },
    ]);
  });

  test('of the stage itself reads its alarms alone, also where one of the same name had incidents elsewhere', async () => {
    offered(`${own},${spoke}`);
    const asked: unknown[] = [];
    jest.spyOn(cloudWatch, 'send').mockImplementation((async ({ input }: { input: { AlarmNames?: string[] } }) => {
      asked.push(input.AlarmNames);
      return {};
    }) as never);
    const period = [new Date('2026-11-01T00:00:00Z'), new Date('2026-11-29T00:00:00Z')] as const;
    const { records } = await readStage({ stage: 'dev', account: own }, ...period);

    expect(records.map(({ place: where }) => where)).toEqual([undefined]);
    expect(asked).toEqual([[record().alarmName]]);
  });
});
