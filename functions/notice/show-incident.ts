import { codeSchema } from '../record/codes';
import { outcomeSchema, outcomeTable } from '../record/outcomes';
import { readTimeline, recordKey } from '../record/store';
import { readItem } from '../shared/clients/table';
import { parseWith } from '../shared/parse';
import { oneLine } from '../shared/plain-text';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { adviceOf } from './advice';

const input = z.object({ id: z.matching(/^inc-[0-9a-f]{20}$/, 'an incident ID') });
const record = z.object({
  playbook: z.string(),
  status: z.string(),
  openedAt: z.string(),
  executionId: z.string(),
  instanceId: z.optional(z.string()),
  outcome: z.optional(outcomeSchema),
  code: z.optional(codeSchema),
  reason: z.optional(z.string()),
});

/** Chat shows a result as it is: the last lines of a timeline, and of a long one the start. */
const mostLines = 8;
const mostCharacters = 120;

/** Shows an incident to whoever presses the button on its notice. Changes nothing. */
export const handler = step('show-incident', input, async ({ id }, { config }) => {
  const item = await readItem(recordKey(id), config);
  if (!item) return { incident: id, result: `There is no incident ${id} in stage ${config.STAGE}.`, timeline: [] };
  const { status, outcome, code, reason, ...about } = parseWith(record, item, 'record');
  const timeline = await readTimeline(id, config);
  const lines = timeline.slice(-mostLines).map(({ at, what }) => `${at.slice(11, 19)} UTC  ${oneLine(what)}`);
  const region = process.env.AWS_REGION ?? 'us-east-1';
  const { todo, command } = adviceOf(code, { ...about, incidentId: id, stage: config.STAGE, region });
  const isRed = outcome !== undefined && outcomeTable[outcome].execution !== 'green';
  return {
    incident: id,
    result: cut(reason ? `${outcome}: ${oneLine(reason)}` : `${status}: it is not over yet.`, 600),
    about: cut(`${about.playbook} ${about.instanceId ?? ''}, opened ${about.openedAt}`, 200),
    ...(isRed ? { doThis: cut(`${todo ?? outcomeTable[outcome].todo}: ${command}`, 400) } : {}),
    timeline: lines.map((line) => cut(line, mostCharacters)),
  };
});

const cut = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
