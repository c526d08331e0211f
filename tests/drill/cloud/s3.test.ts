import { createHash } from 'node:crypto';
import { PutObjectCommand, type PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';
import { cloudOf, refusal } from '../../fixtures/cloud';

const Body = '{"a":1}';
const checksum = (text: string) => createHash('sha256').update(text).digest('base64');
const object = { Bucket: 'evidence', Key: 'a.json', Body };
/** A client that adds no checksum of its own. */
class PlainClient extends S3Client {
  constructor(options: object) {
    super({ ...options, requestChecksumCalculation: 'WHEN_REQUIRED' });
  }
}
const bucketOf = (lockDays?: number) => {
  const { cloud, client } = cloudOf(PlainClient);
  cloud.s3.createBucket('evidence', lockDays);
  const put = (input: Partial<PutObjectCommandInput>) => client.send(new PutObjectCommand({ ...object, ...input }));
  return { versions: cloud.s3.versions, put };
};

test('each write of a key makes a version, and the one before stays', async () => {
  const { versions, put } = bucketOf(30);
  const first = await put({ ChecksumSHA256: checksum(Body) });
  const second = await put({ Body: '{}', ChecksumSHA256: checksum('{}') });

  expect(versions.map(({ versionId, text }) => [versionId, text])).toEqual([
    [first.VersionId, Body],
    [second.VersionId, '{}'],
  ]);
});

test.each([
  ['no checksum, under Object Lock', 30, {}, 'InvalidRequest'],
  ['no checksum, without Object Lock', undefined, {}, 'accepted'],
  ['a checksum of something else', undefined, { ChecksumSHA256: checksum('{}') }, 'BadDigest'],
  ['a bucket that does not exist', 30, { Bucket: 'other' }, 'NoSuchBucket'],
])('%s', async (_what, lockDays, input, expected) => {
  expect(await refusal(bucketOf(lockDays).put(input))).toBe(expected);
});

test('a version is locked from its writing for the days of the bucket', async () => {
  const { versions, put } = bucketOf(30);
  const begin = Date.now();
  await put({ ChecksumSHA256: checksum(Body) });

  expect(versions[0]!.retainUntil! - begin).toBeGreaterThanOrEqual(30 * 86_400_000);
  expect(versions[0]!.retainUntil! - Date.now()).toBeLessThanOrEqual(30 * 86_400_000);
});
