import { concernOf } from '../../functions/health/issue';
import { readOpenIssues } from '../../functions/health/open-issues';
import { handler } from '../../functions/health/take-health-event';
import { ec2 } from '../../functions/shared/clients/ec2';
import { answering } from '../fixtures/answering';
import { config } from '../fixtures/config';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';
import { startTable } from '../fixtures/table';

const at = (time: string) => new Date(`2026-11-24T${time}:00Z`);
const standing = { instanceId: 'i-0123456789abcdef0', zone: 'us-east-1a', volumeIds: ['vol-0123456789abcdef0'] };
let stop: () => Promise<void>;
let count = 0;
let arn: string;

/** An event as AWS Health sends it, changed by a test. */
const eventOf = (detail: Record<string, unknown> = {}, envelope: Record<string, unknown> = {}) => ({
  version: '0',
  id: '121345678-1234-1234-1234-123456789012',
  'detail-type': 'AWS Health Event',
  source: 'aws.health',
  account: '123456789012',
  time: '2026-11-24T02:05:00Z',
  region: 'us-east-1',
  resources: [],
  detail: {
    eventArn: arn,
    service: 'EC2',
    eventTypeCode: 'AWS_EC2_OPERATIONAL_ISSUE',
    eventTypeCategory: 'issue',
    eventScopeCode: 'PUBLIC',
    communicationId: '01b0993207d81a09dcd552ebd1e633e36cf1f09a-1',
    startTime: 'Tue, 24 Nov 2026 02:00:00 GMT',
    lastUpdatedTime: 'Tue, 24 Nov 2026 02:05:00 GMT',
    statusCode: 'open',
    eventRegion: 'us-east-1',
    affectedAccount: '123456789012',
    affectedEntities: [],
    page: '1',
    totalPages: '1',
    ...detail,
  },
  ...envelope,
});
const take = (detail: Record<string, unknown> = {}, envelope: Record<string, unknown> = {}) =>
  handler(eventOf(detail, envelope), lambdaContext);
const openAt = async (time: string) =>
  (await readOpenIssues(at(time), config)).filter(({ eventArn }) => eventArn === arn);
const later = { communicationId: 'second-2', lastUpdatedTime: 'Tue, 24 Nov 2026 03:00:00 GMT' };

beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());
beforeEach(() => {
  setEnvironment();
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  arn = `arn:aws:health:us-east-1::event/EC2/AWS_EC2_OPERATIONAL_ISSUE/AWS_EC2_OPERATIONAL_ISSUE_${count++}`;
  answering(ec2, () => ({
    DescribeInstances: ({ Filters: [{ Values }] }: { Filters: [{ Values: string[] }] }) => ({
      Reservations: Values.includes('i-0123456789abcdef0')
        ? [{ Instances: [{ Placement: { AvailabilityZone: 'us-east-1a' } }] }]
        : [],
    }),
    DescribeVolumes: () => ({ Volumes: [{ AvailabilityZone: 'us-east-1b' }] }),
  }));
});

test('row 74: an open issue without entities concerns every instance of the region, until it is closed', async () => {
  expect(await take()).toMatchObject({ verdict: 'KEPT', zones: [] });

  expect(concernOf(await openAt('02:10'), standing)).toMatchObject({ where: 'the region', isWide: true });
  await take({ ...later, statusCode: 'closed', endTime: 'Tue, 24 Nov 2026 02:55:00 GMT' });
  expect(await openAt('03:01')).toEqual([]);
});

test('zones come from affected entities alone, whether they are IDs or ARNs', async () => {
  const entityValue = 'arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0';
  await take({ affectedEntities: [{ entityValue }, { entityValue: 'vol-00000000000000001' }, {}] });
  const issues = await openAt('02:10');

  expect(concernOf(issues, { ...standing, instanceId: 'i-0000000a' })).toMatchObject({ where: 'us-east-1a' });
  expect(concernOf(issues, { ...standing, instanceId: 'i-0000000a', zone: 'us-east-1b' })).toBeDefined();
  expect(concernOf(issues, { ...standing, instanceId: 'i-0000000a', zone: 'us-east-1c' })).toBeUndefined();
  expect(concernOf(issues, standing)).toMatchObject({ where: 'i-0123456789abcdef0', isWide: false });
});

test('entities that EC2 does not know leave the zone unknown, so the region counts', async () => {
  await take({ affectedEntities: [{ entityValue: 'i-00000000000000009' }] });

  expect(concernOf(await openAt('02:10'), standing)).toMatchObject({ where: 'the region' });
});

test('the same communication again changes nothing, nor does a late copy of an earlier one', async () => {
  await take();
  await take({ ...later, statusCode: 'closed' });

  expect(await take()).toMatchObject({ verdict: 'KNOWN' });
  expect(await take({}, { region: 'us-west-2', time: '2026-11-24T05:00:00Z' })).toMatchObject({ verdict: 'KNOWN' });
  const copy = { lastUpdatedTime: undefined };
  expect(await take(copy, { region: 'us-west-2', time: '2026-11-24T05:00:00Z' })).toMatchObject({ verdict: 'KNOWN' });
  expect(await openAt('05:01')).toEqual([]);
});

test('pages come in any order, and the newest of them says whether the issue stands', async () => {
  const entity = (entityValue: string) => ({ affectedEntities: [{ entityValue }], totalPages: '2' });
  await take({ ...entity('vol-00000000000000001'), page: '2' });
  await take({ ...entity('i-0123456789abcdef0'), page: '1' });
  const issues = await openAt('02:10');

  expect(issues.flatMap(({ zones }) => zones).sort()).toEqual(['us-east-1a', 'us-east-1b']);
  await take({ ...later, statusCode: 'closed' });
  expect(await openAt('03:01')).toEqual([]);
});

test('a sample, open with an end that is past, is no issue', async () => {
  await take({ endTime: 'Fri, 7 Jan 2022 06:02:51 GMT' });

  expect(await openAt('02:10')).toEqual([]);
});

test('an issue that nobody closes counts as over a day after its last news', async () => {
  await take();

  expect(await openAt('23:59')).toHaveLength(1);
  expect(await readOpenIssues(new Date('2026-11-25T02:05:00Z'), config)).toEqual([]);
});

test('an event of the old shape, without status, scope and pages, counts as open', async () => {
  const old = ['statusCode', 'eventScopeCode', 'communicationId', 'lastUpdatedTime', 'eventRegion', 'affectedAccount'];
  const gone = Object.fromEntries([...old, 'page', 'totalPages'].map((name) => [name, undefined]));

  expect(await take(gone)).toMatchObject({ verdict: 'KEPT' });
  expect(await take(gone)).toMatchObject({ verdict: 'KNOWN' });
  expect(await openAt('02:10')).toHaveLength(1);
});

test('a lost volume concerns its instance, and not its neighbours', async () => {
  const lost = { eventTypeCode: 'AWS_EBS_VOLUME_LOST', service: 'EBS', eventScopeCode: 'ACCOUNT_SPECIFIC' };
  await take({ ...lost, affectedEntities: [{ entityValue: 'vol-0123456789abcdef0' }] });
  const issues = await openAt('02:10');

  expect(concernOf(issues, standing)).toMatchObject({ where: 'vol-0123456789abcdef0', isWide: false });
  expect(concernOf(issues, { ...standing, volumeIds: [] })).toBeUndefined();
});

test.each([
  ['another region', { eventRegion: 'eu-west-1' }],
  ['another account', { affectedAccount: '999999999999' }],
  ['another service', { service: 'RDS' }],
  ['planned work', { eventTypeCategory: 'scheduledChange' }],
])('%s is passed over', async (_what, detail) => {
  expect(await take(detail)).toEqual({ verdict: 'NOT_OURS' });
});

test('an event that cannot be read is refused, and names the field', async () => {
  await expect(take({ startTime: 'yesterday' })).rejects.toMatchObject({
    name: 'InvalidInputError',
    field: 'event.detail.startTime',
  });
});
