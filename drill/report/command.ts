import { join } from 'node:path';
import type { DrillResult } from '../scenario/result';
import { definitionFinder } from './definitions';
import type { ReportFormat } from './formats';
import { fromDrill } from './input';
import { writeReports } from './write';

/** The project folder with the machines' definitions. */
export const projectRoot = join(__dirname, '..', '..');

/** Writes the requested reports, and prints their paths. */
export async function reportOn(
  results: readonly DrillResult[],
  { report, format }: { report?: string; format: ReportFormat },
  say: (line: string) => void,
): Promise<void> {
  if (report === undefined) return;
  const find = definitionFinder(projectRoot);
  const written = await writeReports(
    report,
    results.map((result) => fromDrill(result, find)),
    format,
  );
  say(written.length === 1 ? `Report: ${written[0]}` : `${written.length} files written: ${written.at(-1)}`);
}
