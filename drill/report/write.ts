import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PlaybookError } from '../../functions/shared/errors';
import { renderIndex, runSummarySchema, summaryOf } from './index-page';
import type { ReportInput } from './input';
import { renderMarkdown } from './markdown';
import { renderReport } from './report';

export const reportFormats = ['html', 'markdown'] as const;
export type ReportFormat = (typeof reportFormats)[number];

/** A folder of reports cannot be made, or holds a summary that is not one. */
export class ReportFolderError extends PlaybookError {}

const summaryEnd = '.run.json';

/**
 * Writes the reports of runs into a folder, one file each. With HTML there is also an `index.html` over all runs that
 * the folder has, those of earlier drills too; a run of the same name is replaced.
 * @returns the files written, in order; the index comes last
 * @throws ReportFolderError when the folder cannot be made, or a summary in it cannot be read
 */
export async function writeReports(
  folder: string,
  inputs: readonly ReportInput[],
  format: ReportFormat = 'html',
): Promise<string[]> {
  await makeFolder(folder);
  const written: string[] = [];
  const write = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    written.push(join(folder, name));
  };
  for (const input of inputs) {
    const base = fileName(input.name);
    if (format === 'markdown') {
      await write(`${base}.md`, renderMarkdown(input));
      continue;
    }
    await write(`${base}.html`, await renderReport(input));
    await writeFile(
      join(folder, `${base}${summaryEnd}`),
      `${JSON.stringify(summaryOf(input, `${base}.html`), null, 2)}\n`,
    );
  }
  if (format === 'html') await write('index.html', renderIndex(await readSummaries(folder)));
  return written;
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new ReportFolderError(`--report ${folder}: no folder can be made there (${code})`, { cause });
  }
}

/** A run's name as the name of a file, whatever it holds. */
export function fileName(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 80) || 'run'
  );
}

async function readSummaries(folder: string) {
  const files = (await readdir(folder)).filter((file) => file.endsWith(summaryEnd)).sort();
  return Promise.all(
    files.map(async (file) => {
      const path = join(folder, file);
      try {
        return runSummarySchema.parse(JSON.parse(await readFile(path, 'utf8')));
      } catch (cause) {
        throw new ReportFolderError(`${path} is not the summary of a run; delete it, or choose another folder`, {
          cause,
        });
      }
    }),
  );
}
