import { formatValue } from '../../functions/anomaly/metrics';
import { isOutcome, outcomeTable } from '../../functions/record/outcomes';
import { duration } from '../render/duration';

export type Tone = 'good' | 'bad' | 'warn' | 'info';

const ofStatus: Record<string, Tone> = { SUCCEEDED: 'good', RUNNING: 'info', OPEN: 'info' };

/** The colour of an outcome or a status. Anything not known to be good is bad. */
export const toneOf = (word: string): Tone => (isOutcome(word) ? outcomeTable[word].tone : ofStatus[word]) ?? 'bad';

/** `09:20:04`, UTC. */
export const clock = (at: number): string => new Date(at).toISOString().slice(11, 19);

/** `2026-03-02 09:20:04 UTC` */
export const moment = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

const dayMs = 86_400_000;

/** Like `duration`, but in milliseconds below a second, and in days and hours from two days on. */
export const length = (ms: number): string => {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 2 * dayMs ? duration(ms) : `${Math.floor(ms / dayMs)} d ${Math.floor((ms % dayMs) / 3_600_000)} h`;
};

/** A value for an axis or a sentence, in the metric's unit. */
export const formatFor = (metric: string) => (value: number) => formatValue(value, metric);

/** Text truncated to `most` characters, with a note on the rest. */
export const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most)}\n… ${text.length - most} characters more`;

export { plural } from '../../functions/shared/plural';
