import { createHash } from 'node:crypto';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { evidenceItems, lockedEntry, readTimeline, recordKey, writeEntry } from '../record/store';
import { s3 } from '../shared/clients/s3';
import { readItem } from '../shared/clients/table';
import { PlaybookError } from '../shared/errors';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import type { StepTools } from '../shared/step';
import { hashOfSaved, savedIn } from './saved-hash';

/** The bucket has no locked copy of the evidence; the message says why. The evidence is in the record all the same. */
export class EvidenceNotLockedError extends PlaybookError {}

/** A version of an object in the bucket, and the SHA-256 (hexadecimal) of what it must contain. */
interface LockedObject {
  key: string;
  versionId: string;
  sha256: string;
}

const settings = z.object({ EVIDENCE_BUCKET: z._default(z.optional(z.string()), '') });
const openRecord = z.looseObject({ status: z.literal('OPEN') });

/** The bucket that keeps evidence longer than its stage; empty in a stage without one. */
export const evidenceBucket = (): string => parseWith(settings, process.env, 'environment').EVIDENCE_BUCKET;

/**
 * Copies the record, its evidence and the saved states into the bucket, then a list of all; the timeline gets the versions
 * and hashes, once. A repeated copy makes further versions: those of the timeline count.
 * @throws EvidenceNotLockedError if the bucket does not take it, or the incident is not open
 */
export async function lockEvidence(incidentId: string, bucket: string, { clock, config }: StepTools): Promise<void> {
  const record = openRecord.safeParse(await readItem(recordKey(incidentId), config));
  if (!record.success) throw new EvidenceNotLockedError(`Incident ${incidentId} is not open: nothing was copied.`);
  const timeline = await readTimeline(incidentId, config);
  const parts = [
    { name: 'incident', json: JSON.stringify(record.data) },
    { name: 'saved', json: JSON.stringify(savedIn(timeline)) },
    ...(await evidenceItems(incidentId, config)),
  ];
  const put = (name: string, json: string) => lockObject(bucket, `isolations/${incidentId}/${name}.json`, json);
  const objects = await Promise.all(parts.map(({ name, json }) => put(name, json)));
  const list = await put('manifest', JSON.stringify({ incidentId, objects }));
  const at = clock.now().toISOString();
  const what = `Locked a copy of its evidence in s3://${bucket}/${list.key} (version ${list.versionId}).`;
  const before = { bucket, saved: hashOfSaved(timeline), objects: [...objects, list] };
  await writeEntry(incidentId, { key: lockedEntry, at, what, before }, config);
}

/** Writes one object. S3 compares the SHA-256 before it keeps anything. */
async function lockObject(Bucket: string, key: string, json: string): Promise<LockedObject> {
  const hash = createHash('sha256').update(json).digest();
  const ChecksumSHA256 = hash.toString('base64');
  const request = { Bucket, Key: key, Body: json, ContentType: 'application/json', ChecksumSHA256 };
  const { VersionId } = await s3.send(new PutObjectCommand(request)).catch((cause: unknown) => {
    throw new EvidenceNotLockedError(`${key} was not written: ${String(cause)}`, { cause });
  });
  if (!VersionId) throw new EvidenceNotLockedError(`The bucket keeps no versions of ${key}.`);
  return { key, versionId: VersionId, sha256: hash.toString('hex') };
}
