import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { detectors } from '../../functions/anomaly/detectors/registry';
import { seededRandom } from '../../functions/anomaly/random';
import { hasModule, python, runPython } from './python';
import type { Server } from './servers-data';
import { vusPr } from './vus-pr';

/** VUS-PR of one method: the mean of each group's servers, and the mean of the groups. */
export interface ServersRow {
  method: string;
  groups: Map<string, number>;
  mean: number;
  /** The same mean by the script that the servers come with; undefined where it cannot be asked. */
  byScript?: number;
}

export interface ServersFound {
  rows: ServersRow[];
  /** What could not be measured, and why. */
  missing: string[];
}

type Scorer = (server: Server) => Float64Array;

const ours: Readonly<Record<string, Scorer>> = {
  'ensemble (default)': ({ frame }) => detectors.get('ensemble')!.score(frame).scores,
  'novelty-gap, largest of all metrics, mean of 12': ({ frame }) =>
    meanOf(detectors.get('novelty-gap')!.score(frame).scores),
  random: ({ frame, name }) => {
    const random = seededRandom(name.length);
    return Float64Array.from(frame.times, () => random());
  },
};

const rivalNames: Readonly<Record<string, string>> = {
  mahalanobis: 'rolling Mahalanobis, mean of 12',
  pca: 'PCA residual, mean of 12',
  forest: "scikit-learn's IsolationForest, mean of 12",
};

/** The mean of the last points, missing ones left out. */
function meanOf(scores: Float64Array, points = 12): Float64Array {
  return scores.map((_, at) => {
    const recent = scores.slice(Math.max(0, at + 1 - points), at + 1).filter(Number.isFinite);
    return recent.reduce((sum, one) => sum + one, 0) / Math.max(1, recent.length);
  });
}

/**
 * Scores the servers of a folder with our detectors, and with what python has; VUS-PR, only the rows after `train`. Every figure
 * is in sample: the default was chosen with these servers in view.
 */
export function measureServers(folder: string, servers: Iterable<Server>): ServersFound {
  const out = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    return measureInto(out, folder, [...servers]);
  } finally {
    rmSync(out, { recursive: true });
  }
}

function measureInto(out: string, folder: string, servers: readonly Server[]): ServersFound {
  const missing: string[] = [];
  const isNumeric = hasModule('numpy');
  const rivals = isNumeric
    ? z.array(z.string()).parse(JSON.parse(runPython(join(__dirname, 'rivals.py'), folder, out)))
    : [];
  if (!isNumeric) missing.push(`Mahalanobis and PCA are not measured: ${python} has no numpy`);
  if (!rivals.includes('forest')) missing.push(`IsolationForest is not measured: ${python} has no scikit-learn`);
  const script = join(folder, 'vus_pr.py');
  const canCheck = isNumeric && existsSync(script);
  if (!canCheck)
    missing.push(`VUS-PR is not checked: ${isNumeric ? `there is no ${script}` : `${python} has no numpy`}`);
  const rows = [
    ...Object.entries(ours).map(([method, score], i) => ({
      method,
      scores: write(out, `ours-${i}`, servers, score),
      i,
    })),
    ...rivals.map((name) => ({ method: rivalNames[name] ?? name, scores: join(out, name) })),
  ].map(({ method, scores }): ServersRow => {
    const row = rowOf(method, servers, (server) => readScores(scores, server));
    const printed = canCheck
      ? /mean of groups: VUS-PR ([\d.]+)/.exec(runPython(script, folder, scores))?.[1]
      : undefined;
    return printed === undefined ? row : { ...row, byScript: Number(printed) };
  });
  return { rows, missing };
}

/** Writes the scores as the script reads them, so that both judge the same numbers. */
function write(out: string, name: string, servers: readonly Server[], score: Scorer): string {
  const folder = join(out, name);
  mkdirSync(folder);
  for (const server of servers) {
    const lines = Array.from(score(server), (one) => (Number.isFinite(one) ? String(one) : ''));
    writeFileSync(join(folder, `${server.name}.csv`), `score\n${lines.join('\n')}\n`);
  }
  return folder;
}

function readScores(folder: string, { name }: Server): Float64Array {
  const [, ...lines] = readFileSync(join(folder, `${name}.csv`), 'utf8').split('\n');
  return Float64Array.from(lines.slice(0, -1), (line) => (line === '' ? Number.NaN : Number(line)));
}

function rowOf(method: string, servers: readonly Server[], scoresOf: Scorer): ServersRow {
  const found = new Map<string, number[]>();
  for (const server of servers) {
    const { group, labels, train } = server;
    const one = vusPr(labels.subarray(train), scoresOf(server).subarray(train));
    found.set(group, [...(found.get(group) ?? []), one]);
  }
  const groups = new Map([...found].map(([group, all]) => [group, average(all)]));
  return { method, groups, mean: average([...groups.values()]) };
}

const average = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
