import { accountSchema } from '../shared/identifiers';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';

const count = z.pipe(
  z.matching(/^\d{1,5}$/, 'a whole number'),
  z.transform((text: string) => Number(text)),
);
const settings = z.object({
  SNAPSHOT_LOCK: z._default(z.optional(z.enum(['none', 'governance', 'compliance'])), 'none'),
  SNAPSHOT_LOCK_DAYS: z._default(z.optional(count), 400),
  SNAPSHOT_COOL_OFF_HOURS: z._default(z.optional(count), 0),
  EVIDENCE_ACCOUNT_ID: z._default(z.optional(z.union([z.literal(''), accountSchema])), ''),
});

/** How the snapshots of an isolation are locked. Source: EC2 API reference, LockSnapshot. */
export interface SnapshotLock {
  mode: 'governance' | 'compliance';
  days: number;
  /** Hours in which a lock in compliance mode can still be undone; none for governance, and if it is 0. */
  coolOffHours: number | undefined;
  /** The same in words, as people approve it. */
  words: string;
}

/** What a stage does to keep snapshots from being deleted; nothing unless it says so. */
export interface EvidenceSettings {
  lock: SnapshotLock | undefined;
  /** The account that they are shared with. */
  accountId: string | undefined;
}

/** The stage's settings, from the function's environment. @throws InvalidInputError naming the variable */
export function readEvidenceSettings(environment: NodeJS.ProcessEnv = process.env): EvidenceSettings {
  const { SNAPSHOT_LOCK, SNAPSHOT_LOCK_DAYS, SNAPSHOT_COOL_OFF_HOURS, EVIDENCE_ACCOUNT_ID } = parseWith(
    settings,
    environment,
    'environment',
  );
  const accountId = EVIDENCE_ACCOUNT_ID || undefined;
  if (SNAPSHOT_LOCK === 'none') return { lock: undefined, accountId };
  const isCompliance = SNAPSHOT_LOCK === 'compliance';
  const coolOffHours = isCompliance && SNAPSHOT_COOL_OFF_HOURS > 0 ? SNAPSHOT_COOL_OFF_HOURS : undefined;
  const undone = coolOffHours ? `, which can be undone for ${coolOffHours} hours` : '';
  const words = `${SNAPSHOT_LOCK} mode for ${SNAPSHOT_LOCK_DAYS} days${undone}`;
  return { lock: { mode: SNAPSHOT_LOCK, days: SNAPSHOT_LOCK_DAYS, coolOffHours, words }, accountId };
}
