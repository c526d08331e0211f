import { access, constants, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PlaybookError } from '../../functions/shared/errors';
import type { ReportFormat } from './formats';
import { renderIndex, runSummarySchema, summaryOf } from './index-page';
import type { ReportInput } from './input';
import { renderMarkdown } from './markdown';

/** A report folder cannot be created, or contains an invalid summary. */
export class ReportFolderError extends PlaybookError {}

const summaryEnd = '.run.json';

/**
 * Writes the reports of runs to a folder, one file each. With HTML there is also an `index.html` of all runs in the
 * folder, including earlier drills; a run of the same name is replaced.
 * @returns the written files, in order; the index comes last
 * @throws ReportFolderError if the folder cannot be created, or a summary in it is not valid
 */
export async function writeReports(
  folder: string,
  inputs: readonly ReportInput[],
  format: ReportFormat = 'html',
): Promise<string[]> {
  await prepareFolder(folder);
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
    // Charts and graphs are loaded only where a page is written.
    const { renderReport } = await import('./report');
    await write(`${base}.html`, await renderReport(input));
    await writeFile(
      join(folder, `${base}${summaryEnd}`),
      `${JSON.stringify(summaryOf(input, `${base}.html`), null, 2)}\n`,
    );
  }
  if (format === 'html') await write('index.html', renderIndex(await readSummaries(folder)));
  return written;
}

/** Creates the report folder, and checks that it can be written to. @throws ReportFolderError otherwise */
export async function prepareFolder(folder: string): Promise<void> {
  const refuse = (what: string) => (cause: NodeJS.ErrnoException) => {
    throw new ReportFolderError(`--report ${folder}: ${what} (${cause.code})`, { cause });
  };
  await mkdir(folder, { recursive: true }).catch(refuse('the folder cannot be created'));
  await access(folder, constants.W_OK).catch(refuse('the folder cannot be written to'));
}

/** A run's name as a file name, whatever it contains. */
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
        throw new ReportFolderError(`${path} is not a valid summary of a run. Delete it, or choose another folder`, {
          cause,
        });
      }
    }),
  );
}
