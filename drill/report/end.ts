import { type Code, codeTable } from '../../functions/record/codes';
import { isOutcome, type Outcome, outcomeTable, type Severity, severityOf } from '../../functions/record/outcomes';
import type { ReportInput } from './input';
import { clock, length, plural, type Tone, toneOf } from './words';

/** How a run ended: one word, one sentence, and what a person has to do. */
export interface End {
  word: string;
  why: string;
  tone: Tone;
}

type Ended = Pick<ReportInput, 'incidents' | 'executions' | 'isCut'>;

/** How a run ended, in one word and one sentence: its one incident, or a summary of all. */
export function endOf({ incidents, executions, isCut }: Ended): End {
  if (isCut)
    return { word: 'NOT KNOWN', why: 'The exported history was truncated before the execution ended.', tone: 'warn' };
  const words = incidents.map(({ outcome, status }) => outcome ?? status);
  const [first] = incidents;
  // A record that stayed open says nothing of an execution that came to an end without closing it.
  const isLeftOpen = first?.outcome === undefined && executions.length === 1 && executions[0]!.status !== 'RUNNING';
  if (first && incidents.length === 1 && !isLeftOpen)
    return { word: words[0]!, why: first.reason ?? 'No reason has been recorded yet.', tone: toneOf(words[0]!) };
  if (first && incidents.length > 1) {
    const counts = [...new Set(words)].map((word) => `${words.filter((one) => one === word).length} ${word}`);
    const worst = words.find((word) => toneOf(word) === 'bad') ?? words[0]!;
    return { word: plural(incidents.length, 'incident'), why: `${counts.join(', ')}.`, tone: toneOf(worst) };
  }
  const [execution] = executions;
  if (!execution) return { word: 'NO INCIDENT', why: 'Nothing was started.', tone: 'info' };
  const why = execution.error ? `${execution.error}: ${execution.cause ?? ''}` : 'There is no incident record.';
  return { word: execution.status, why, tone: toneOf(execution.status) };
}

/** The stretch of time that a run is about: from the first record or execution to the last end, not the whole simulation. */
export function spanOf({ incidents, executions, startedAt, endedAt }: ReportInput): { from: number; to: number } {
  const begun = [...executions.map((one) => one.startedAt), ...incidents.map(({ openedAt }) => Date.parse(openedAt))];
  if (begun.length === 0) return { from: startedAt, to: endedAt };
  const isOpen = executions.some(({ status }) => status === 'RUNNING');
  const ends = [
    ...executions.map((one) => one.endedAt ?? endedAt),
    ...incidents.flatMap(({ closedAt }) => (closedAt === undefined ? [] : [Date.parse(closedAt)])),
  ];
  const most = (all: readonly number[]) => all.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return { from: -most(begun.map((at) => -at)), to: isOpen ? endedAt : most(ends) };
}

/** Whether it is over, and since when. */
export function isOver(input: ReportInput): string {
  const { executions, isCut } = input;
  if (isCut) return 'Not known: export the history again, complete.';
  if (executions.length === 0) return 'Yes: nothing was started.';
  const { from, to } = spanOf(input);
  const running = executions.filter(({ status }) => status === 'RUNNING').length;
  if (running > 0) return `No: ${plural(running, 'execution')} had not ended at ${clock(to)} UTC.`;
  const days = to - from > 86_400_000 ? `${new Date(to).toISOString().slice(0, 10)} ` : '';
  const when = `ended at ${days}${clock(to)} UTC, after ${length(to - from)}`;
  return isLeftToPerson(input) ? `No: automation ${when}, and left it to a person.` : `Yes: ${when}.`;
}

/** Whether the run paged: the trouble stands, whatever automation has come to. */
const isLeftToPerson = ({ incidents, executions }: Ended): boolean =>
  incidents.some(({ outcome }) => outcome !== undefined && isOutcome(outcome) && severityOf(outcome) === 'page') ||
  (incidents.length === 0 && executions.some(({ status }) => toneOf(status) === 'bad'));

const urgency: Severity[] = ['page', 'look', 'info'];

/** What a person has to do, by the most urgent outcome of the run. */
export function whatToDo({ incidents, executions, isCut }: Ended): string {
  if (isCut) return 'Export the history without --max-items.';
  const ended = incidents.flatMap(({ outcome, code }) =>
    outcome !== undefined && isOutcome(outcome) ? [{ outcome, code }] : [],
  );
  const [worst] = ended.toSorted(
    (a, b) => urgency.indexOf(outcomeTable[a.outcome].severity) - urgency.indexOf(outcomeTable[b.outcome].severity),
  );
  if (worst === undefined) {
    const isBad = executions.some(({ status }) => toneOf(status) === 'bad');
    return isBad ? 'Look at the execution: it failed before the incident was closed.' : 'Nothing.';
  }
  const { severity } = outcomeTable[worst.outcome];
  const todo = todoOf(worst).replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
  if (severity === 'info' && todo.startsWith('nothing')) return `No action is needed${todo.slice('nothing'.length)}.`;
  const same = ended.filter(({ outcome }) => outcomeTable[outcome].severity === severity).length;
  const who = { page: 'Someone is needed now', look: 'Someone should look today', info: 'No action is needed' }[
    severity
  ];
  const many = incidents.length > 1 && severity !== 'info' ? ` for ${same} of ${incidents.length}` : '';
  return `${who}${many}: ${todo}.`;
}

/** The line of the operating guide: that of the code says more than its outcome's, where a person is called. */
function todoOf({ outcome, code }: { outcome: Outcome; code?: string | undefined }): string {
  const { severity, todo } = outcomeTable[outcome];
  const own = code === undefined ? undefined : codeTable().get(code as Code)?.todo;
  return severity === 'info' || own === undefined || own.startsWith('nothing') ? todo : own;
}
