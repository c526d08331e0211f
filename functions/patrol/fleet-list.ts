import { PutObjectCommand } from '@aws-sdk/client-s3';
import { s3 } from '../shared/clients/s3';
import { executionNameOf } from '../shared/execution-name';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import type { Batch } from './batches';

const settings = z.object({ PATROL_BUCKET: z.matching(/./, 'text that is not empty') });

/** Where a list of batches is: a Map reads its items there, since they would not fit into the state of a machine. */
export interface FleetList {
  bucket: string;
  key: string;
}

/**
 * Writes the batches of a part of the fleet for the machine's Map. The same part of the same execution replaces its object.
 * @param part what the part begins after; empty for the first
 */
export async function writeFleetList(batches: readonly Batch[], executionId: string, part: string): Promise<FleetList> {
  const { PATROL_BUCKET: bucket } = parseWith(settings, process.env, 'environment');
  const key = `fleets/${[executionNameOf(executionId), part].filter(Boolean).join('/').replace('#', '-')}.json`;
  const Body = JSON.stringify(batches);
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body, ContentType: 'application/json' }));
  return { bucket, key };
}
