import type { DrillResult } from '../scenario/result';
import { duration } from './duration';
import type { Paint } from './paint';
import { shown } from './shown';

/**
 * The result of each scenario, one line each with the failed expectations below it; the overall result comes last. Pure.
 * @param took real milliseconds per scenario, by name
 */
export function tableLines(results: readonly DrillResult[], took: ReadonlyMap<string, number>, paint: Paint): string[] {
  const rows = results.map((result) => rowOf(result, took));
  const head = ['scenario', 'ends', 'executions', 'simulated', 'took'];
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
  const format = (row: readonly string[]) =>
    row.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ');
  const failed = results.filter(({ ok }) => !ok).length;
  const verdict = `${results.length - failed} of ${results.length} scenarios as expected.`;
  return [
    paint('bold', `  ${format(head)}`),
    ...results.flatMap((result, i) => [
      `${paint(result.ok ? 'green' : 'red', result.ok ? '✔' : '✗')} ${format(rows[i]!)}`,
      ...result.checks
        .filter(({ ok }) => !ok)
        .map(({ what, expected, actual }) => paint('red', shown(`    ${what}: expected ${expected}, got ${actual}`))),
    ]),
    '',
    paint(failed === 0 ? 'green' : 'red', failed === 0 ? `✔ ${verdict}` : `✗ ${verdict}`),
  ];
}

function rowOf(
  { scenario, incidents, executions, startedAt, endedAt }: DrillResult,
  took: ReadonlyMap<string, number>,
): string[] {
  const ends = [...new Set(incidents.map(({ outcome, status }) => outcome ?? status))].join(', ') || 'no incident';
  const { name } = scenario;
  return [shown(name), ends, String(executions.length), duration(endedAt - startedAt), duration(took.get(name) ?? 0)];
}
