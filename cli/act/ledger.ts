import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { ActError } from './errors';

const entrySchema = z.object({
  at: z.string(),
  /** What is about to be made, or was made. */
  what: z.enum(['instance-asked', 'instance', 'execution', 'block', 'clean']),
  id: z.string(),
});
export type Entry = z.output<typeof entrySchema>;

/** What a run is about to make: written, and on the disk, before it is made. */
export interface ActLedger {
  note(what: Entry['what'], id: string): void;
  readonly entries: readonly Entry[];
}

/** A ledger in a file of its own, one JSON line for each entry. */
export function ledgerIn(file: string, now: () => Date): ActLedger {
  const entries: Entry[] = [];
  return {
    entries,
    note: (what, id) => {
      const entry = { at: now().toISOString(), what, id };
      write(file, `${JSON.stringify(entry)}\n`);
      entries.push(entry);
    },
  };
}

/** @throws ActError, so that nothing is made that is not written */
function write(file: string, line: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    const handle = openSync(file, 'a');
    try {
      writeSync(handle, line);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch (cause) {
    throw new ActError(`Nothing more was made: the ledger ${file} cannot be written.`, { cause });
  }
}

/** Where the ledgers of a stage's runs are: `.drill/act/dev-1a2b3c.jsonl`. */
export const ledgerFile = (folder: string, stage: string, runId: string) => join(folder, `${stage}-${runId}.jsonl`);

/** The instances of all runs of a stage that a ledger in the folder knows. A line that was cut off by a crash is left out. */
export function knownInstances(folder: string, stage: string): string[] {
  return filesIn(folder)
    .filter((file) => file.startsWith(`${stage}-`) && file.endsWith('.jsonl'))
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n').flatMap(entryOf))
    .filter(({ what }) => what === 'instance')
    .map(({ id }) => id);
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function entryOf(line: string): Entry[] {
  if (!line.endsWith('}')) return [];
  const parsed = entrySchema.safeParse(JSON.parse(line));
  return parsed.success ? [parsed.data] : [];
}
