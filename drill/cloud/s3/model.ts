import { createHash } from 'node:crypto';
import type {
  GetObjectCommandInput,
  GetObjectCommandOutput,
  PutObjectCommandInput,
  PutObjectCommandOutput,
} from '@aws-sdk/client-s3';
import { type Environment, randomUuid } from '../environment';
import { serviceError, UnmodelledInputError } from '../errors';
import { changes, reads, type ServiceModel } from '../service';

/** A version of an object, as a bucket keeps it. */
export interface ObjectVersion {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
  readonly text: string;
  /** Epoch milliseconds until which nobody deletes it who may not bypass the retention. */
  readonly retainUntil: number | undefined;
}

/** Of a bucket: the days for which its default retention locks each version, and whether it keeps versions at all. */
interface Bucket {
  lockDays: number | undefined;
  isVersioned: boolean;
}

/**
 * Simulated S3: versioned buckets, whose versions a default retention locks; each write of a key makes a further version. In
 * a bucket without versions it replaces the object. A read gets the newest at once.
 * Sources: S3 user guide, "What is Amazon S3?", data consistency model; S3 API reference, GetObject; S3 API reference, PutObject (an upload under Object Lock needs Content-MD5 or a checksum; BadDigest); S3 user
 * guide, "Locking objects with Object Lock".
 */
export class S3Model implements ServiceModel {
  readonly service = 's3';
  readonly versions: ObjectVersion[] = [];
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly environment: Environment) {}

  readonly commands = {
    PutObject: changes<PutObjectCommandInput, PutObjectCommandOutput>((input, call) => {
      const { Bucket: name = '', Key = '' } = input;
      call.touch(`${name}/${Key}`);
      const bucket = this.buckets.get(name);
      if (!bucket) throw serviceError('s3', 'NoSuchBucket', 'The specified bucket does not exist', 404);
      const text = textOf(input);
      if (bucket.lockDays !== undefined) assertChecked(input);
      assertIntact(input, text);
      const versionId = randomUuid(this.environment.random);
      const retainUntil = bucket.lockDays === undefined ? undefined : Date.now() + bucket.lockDays * 86_400_000;
      const replaced = bucket.isVersioned
        ? -1
        : this.versions.findIndex((one) => one.bucket === name && one.key === Key);
      if (replaced >= 0) this.versions.splice(replaced, 1);
      this.versions.push({ bucket: name, key: Key, versionId, text, retainUntil });
      call.change(`${name}/${Key}`);
      const version = bucket.isVersioned ? { VersionId: versionId } : {};
      return { ...version, ChecksumSHA256: input.ChecksumSHA256, ETag: `"${hashOf(text, 'md5', 'hex')}"` };
    }),

    GetObject: reads<GetObjectCommandInput, GetObjectCommandOutput>((input, call) => {
      const { Bucket: name = '', Key = '', ...more } = input;
      call.touch(`${name}/${Key}`);
      if (!this.buckets.has(name)) throw serviceError('s3', 'NoSuchBucket', 'The specified bucket does not exist', 404);
      if (Object.values(more).some((value) => value !== undefined))
        throw new UnmodelledInputError('GetObject is modelled for a whole object alone, in its newest version.');
      const found = this.versions.findLast((one) => one.bucket === name && one.key === Key);
      if (!found) throw serviceError('s3', 'NoSuchKey', 'The specified key does not exist.', 404);
      const Body = { transformToString: async () => found.text } as GetObjectCommandOutput['Body'];
      return { Body, ContentLength: Buffer.byteLength(found.text) };
    }),
  };

  /** Adds a bucket. @param lockDays of its default retention, if it has one */
  createBucket(name: string, lockDays?: number, isVersioned = true): void {
    this.buckets.set(name, { lockDays, isVersioned });
  }
}

const hashOf = (text: string, algorithm: string, encoding: 'hex' | 'base64') =>
  createHash(algorithm).update(text).digest(encoding);

function textOf({ Body, IfMatch, IfNoneMatch, ObjectLockMode }: PutObjectCommandInput): string {
  if (typeof Body !== 'string' || IfMatch !== undefined || IfNoneMatch !== undefined || ObjectLockMode !== undefined)
    throw new UnmodelledInputError(
      'PutObject is modelled for text alone, without conditions and a retention of its own.',
    );
  return Body;
}

function assertChecked({ ContentMD5, ChecksumAlgorithm, ChecksumSHA256 }: PutObjectCommandInput): void {
  if (ContentMD5 ?? ChecksumAlgorithm ?? ChecksumSHA256) return;
  const what =
    'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters';
  throw serviceError('s3', 'InvalidRequest', what);
}

function assertIntact({ ChecksumSHA256 }: PutObjectCommandInput, text: string): void {
  if (ChecksumSHA256 === undefined || ChecksumSHA256 === hashOf(text, 'sha256', 'base64')) return;
  throw serviceError('s3', 'BadDigest', 'The SHA256 you specified did not match the calculated checksum.');
}
