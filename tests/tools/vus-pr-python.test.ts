import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { vusPr } from '../../tools/bench/vus-pr';
import { example } from './vus-pr-example';

/** The script that the servers' sets come with; neither is part of the project. */
const script = join(__dirname, '../../../shared/servers/vus_pr.py');
const python = process.env.PYTHON ?? 'python3';
const missing = !existsSync(script)
  ? 'its script is not there'
  : spawnSync(python, ['-c', 'import numpy']).status !== 0
    ? `${python} has no numpy`
    : undefined;
(missing ? test.skip : test)(
  `VUS-PR by ${missing ? `python is not measured: ${missing}` : 'python is the same to 0.001'}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'vus-pr-'));
    try {
      const { labels, scores } = example(5, 1);
      const rows = Array.from(labels, (label, i) => `2026-01-01T00:00:00Z,${i},${label}`);
      writeFileSync(join(folder, 'one-1.csv.gz'), gzipSync(`timestamp,m1,label\n${rows.join('\n')}\n`));
      writeFileSync(join(folder, 'index.json'), JSON.stringify([{ file: 'one-1.csv.gz', train: 100 }]));
      writeFileSync(join(folder, 'one-1.csv'), `score\n${[...scores].join('\n')}\n`);
      const { stdout } = spawnSync(python, [script, folder, folder, '--per-file'], { encoding: 'utf8' });
      const theirs = Number(/^([\d.]+)/.exec(stdout)?.[1]);
      expect(vusPr(labels.slice(100), scores.slice(100))).toBeCloseTo(theirs, 3);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
