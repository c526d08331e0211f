import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parseSeries } from '../../drill/series/read';
import { tableOf } from '../../drill/series/table';
import type { Labelled } from './nab-score';

const windowsSchema = z.record(z.string(), z.array(z.tuple([z.string(), z.string()])));

const timeOf = (text: string) => Date.parse(`${text.split('.')[0]!.replace(' ', 'T')}Z`);

/**
 * Reads a folder of labelled series in NAB's form: NAME.csv and windows.json.
 * @returns undefined when the folder has no windows.json
 * @throws SeriesError, ZodError, or RangeError for a window that is not in its series
 */
export function loadNab(folder: string): Labelled[] | undefined {
  const labels = join(folder, 'windows.json');
  if (!existsSync(labels)) return undefined;
  const windows = windowsSchema.parse(JSON.parse(readFileSync(labels, 'utf8')));
  return Object.keys(windows)
    .sort()
    .map((name) => {
      const { times, series } = tableOf(parseSeries(readFileSync(join(folder, name), 'utf8'), name)).frame;
      const indexOf = (text: string) => {
        const index = times.indexOf(timeOf(text));
        if (index < 0) throw new RangeError(`${name} has no point at ${text}`);
        return index;
      };
      return {
        name,
        times,
        values: series[0]!.values,
        windows: windows[name]!.map(([from, to]) => [indexOf(from), indexOf(to)] as const),
      };
    });
}
