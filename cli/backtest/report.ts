import { writeFile } from 'node:fs/promises';
import { figuresOf } from '../../drill/backtest/totals';
import { toJson } from '../../drill/render/shown';
import { plural } from '../../drill/report/words';
import { onFile } from './on-file';
import { exitCodes, type Options } from './options';
import { renderBacktest } from './page';
import type { BacktestResult } from './run';

/** Instances that a terminal lists; the page has all. */
const mostTold = 10;

/** `████████░░░░ 34 of 100` */
export function progress(done: number, of: number): string {
  const full = Math.round((done / of) * 20);
  return `${'█'.repeat(full)}${'░'.repeat(20 - full)} ${done} of ${of}`;
}

/** Writes the page, and says what it shows. @returns the exit code */
export async function report(result: BacktestResult, options: Options, write: (line: string) => void): Promise<number> {
  await onFile(options.report, 'cannot be written', () => writeFile(options.report, renderBacktest(result)));
  const figures = figuresOf(result.totals);
  const isPartial = result.instances.length < result.expected;
  if (options.json) {
    const remarks = Object.fromEntries(
      result.instances.filter((one) => one.remarks.length > 0).map((one) => [one.name, one.remarks]),
    );
    const { readiness, sentence, precision } = result.verdict;
    const verdict = { readiness, sentence, ...(precision === undefined ? {} : { precision }) };
    const verdicts = result.instances.map((one) => one.verdict);
    write(toJson({ verdict, verdicts, ...figures, instances: result.instances.length, isPartial, remarks }));
  } else {
    for (const line of verdictLines(result)) write(line);
    const { alarms, restarts, vetoes, escalations, restartsPerWeek, labelled } = figures;
    write(
      `${plural(alarms, 'alarm')}: ${plural(restarts, 'restart')}, ${plural(vetoes, 'veto', 'vetoes')}, ${plural(escalations, 'escalation')}; ${restartsPerWeek?.toFixed(2) ?? 'no'} restarts per instance-week`,
    );
    if (labelled)
      write(
        `Compared with the labels: ${labelled.falseRestartsPerWeek?.toFixed(2) ?? 'no'} false restarts per instance-week, precision ${labelled.precision?.toFixed(2) ?? 'none'}, recall ${labelled.recall?.toFixed(2) ?? 'none'}`,
      );
    for (const { name, remarks } of result.instances) for (const remark of remarks) write(`${name}: ${remark}`);
    if (isPartial) write(`Stopped after ${result.instances.length} of ${result.expected} instances.`);
    write(`Page: ${options.report}`);
  }
  return isPartial ? exitCodes.interrupted : exitCodes.done;
}

/** The fleet's verdict, and every instance that needs a change or could not be judged; of many the first. */
function verdictLines({ verdict, instances }: BacktestResult): string[] {
  const told = instances.map((one) => one.verdict).filter((one) => one.readiness !== 'ready' || instances.length === 1);
  const shownOnes = told.slice(0, mostTold);
  return [
    verdict.sentence,
    ...(verdict.precision === undefined ? [] : [verdict.precision]),
    ...shownOnes.flatMap(({ name, why, command }) => [
      ...why.map((line) => `  ${name}: ${line}`),
      ...(command === undefined ? [] : [`    ${command}`]),
    ]),
    ...(told.length > mostTold ? [`  and ${told.length - mostTold} more; the page lists all`] : []),
    '',
  ];
}
