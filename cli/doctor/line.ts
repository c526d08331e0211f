/** How a check ended. What could not be asked is never ok. */
export type Verdict = 'ok' | 'warn' | 'fail' | 'not asked';

/** What a check found. */
export interface Answer {
  verdict: Verdict;
  said: string;
  /** What to do about it, with the command to copy; every line but `ok` has it. */
  todo?: string;
}

/** One line of a report: a check with its answer. */
export interface Line extends Answer {
  /** For example `dead-letters`. */
  id: string;
  what: string;
}

export const ok = (said: string): Answer => ({ verdict: 'ok', said });
export const warn = (said: string, todo: string): Answer => ({ verdict: 'warn', said, todo });
export const fail = (said: string, todo: string): Answer => ({ verdict: 'fail', said, todo });
export const notAsked = (said: string, todo: string): Answer => ({ verdict: 'not asked', said, todo });

/** At most so many names in a sentence, and how many more there are. */
export function some(names: readonly string[], most = 5): string {
  const more = names.length - most;
  return more > 0 ? `${names.slice(0, most).join(', ')} and ${more} more` : names.join(', ');
}

/** Whether a report has a line that failed. */
export const hasFailed = (lines: readonly Line[]): boolean => lines.some(({ verdict }) => verdict === 'fail');

const counted: [Verdict, string][] = [
  ['ok', 'ok'],
  ['warn', 'to look at'],
  ['fail', 'failed'],
  ['not asked', 'not asked'],
];

/** `12 ok, 1 to look at, 2 failed` */
export const totalsOf = (lines: readonly Line[]): string =>
  counted
    .map(([verdict, words]) => [lines.filter((line) => line.verdict === verdict).length, words] as const)
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${count} ${words}`)
    .join(', ');
