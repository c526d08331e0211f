import type { Conclusion } from '../record/conclusion';
import { conclusionSchema } from '../record/conclusion';
import { endsWell } from '../record/outcomes';
import { expiryOf } from '../record/store';
import { putItem, readItem } from '../shared/clients/table';
import type { Config } from '../shared/config';
import { parseWith } from '../shared/parse';

interface Owner {
  incidentId: string;
  executionId: string;
}

const keyOf = ({ incidentId }: Owner, { outcome, code }: Pick<Conclusion, 'outcome' | 'code'>) => ({
  pk: `INCIDENT#${incidentId}`,
  sk: `END#${outcome}#${code}`,
});

/** Records that a step found a good end: the incident is closed with it only if the record says so. */
export async function noteEnd(owner: Owner, conclusion: Conclusion, now: Date, config: Config): Promise<void> {
  if (!endsWell(conclusion.outcome)) return;
  const { outcome, code, reason } = conclusion;
  const { executionId } = owner;
  const expiresAt = expiryOf(now, config);
  await putItem({ ...keyOf(owner, conclusion), executionId, outcome, code, reason, expiresAt }, config);
}

/**
 * The end as the step recorded it. A good end that no step of this execution recorded is not believed, whoever says so; any
 * other calls a person anyway.
 */
export async function confirmEnd(owner: Owner, conclusion: Conclusion, config: Config): Promise<Conclusion> {
  if (!endsWell(conclusion.outcome)) return conclusion;
  const item = await readItem(keyOf(owner, conclusion), config);
  if (item?.executionId === owner.executionId) return parseWith(conclusionSchema, item, 'end');
  const reason = `No step recorded the end that was reported (${conclusion.outcome}, ${conclusion.code}), so it is not believed.`;
  return { outcome: 'FAILED', code: 'end-not-recorded', reason };
}
