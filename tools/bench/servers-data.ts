import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import type { Frame } from '../../functions/anomaly/frame';

const indexSchema = z.array(
  z.object({ file: z.string().regex(/^[\w.-]+\.csv\.gz$/), train: z.number().int().positive() }),
);

/** A server's metrics with labels. */
export interface Server {
  name: string;
  /** The first part of its name: servers of one source. */
  group: string;
  frame: Frame;
  /** 1 within an incident. */
  labels: Uint8Array;
  /** How many rows come first that are not judged. */
  train: number;
}

/**
 * The servers of a folder, one after the other: `NAME.csv.gz` with timestamp, m1 to mK and label, and index.json.
 * @returns undefined when the folder has no index.json
 * @throws ZodError when the index has another form
 */
export function openServers(folder: string): Iterable<Server> | undefined {
  const index = join(folder, 'index.json');
  if (!existsSync(index)) return undefined;
  const entries = indexSchema.parse(JSON.parse(readFileSync(index, 'utf8')));
  return {
    *[Symbol.iterator]() {
      for (const { file, train } of entries) yield readServer(folder, file, train);
    },
  };
}

function readServer(folder: string, file: string, train: number): Server {
  const [head = '', ...lines] = gunzipSync(readFileSync(join(folder, file)))
    .toString()
    .trim()
    .split('\n');
  const metrics = head.trim().split(',').slice(1, -1);
  const times = new Float64Array(lines.length);
  const labels = new Uint8Array(lines.length);
  const series = metrics.map((metric) => ({ metric, values: new Float64Array(lines.length) }));
  lines.forEach((line, i) => {
    const cells = line.split(',');
    times[i] = Date.parse(cells[0]!);
    labels[i] = Number(cells.at(-1));
    series.forEach(({ values }, k) => {
      values[i] = cells[k + 1] === '' ? Number.NaN : Number(cells[k + 1]);
    });
  });
  const name = file.replace('.csv.gz', '');
  return { name, group: name.split('-')[0]!, frame: { times, series }, labels, train };
}
