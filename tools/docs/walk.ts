import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandsOf, pages, root, textOf } from './pages';
import { planWalk, type Step } from './walk-plan';

/** Two weeks of five-minute CPU figures with an hour of trouble, as in a reader's own `cpu.csv`. */
function madeUpSeries(): string {
  const start = Date.UTC(2026, 0, 5);
  const rows = Array.from({ length: 14 * 288 }, (_, at) => {
    const value = at > 4000 && at < 4012 ? 97 : 30 + 12 * Math.sin((at / 288) * 2 * Math.PI) + (at % 7);
    return `${new Date(start + at * 300_000).toISOString()},${value.toFixed(2)}`;
  });
  return `timestamp,value\n${rows.join('\n')}\n`;
}

/** A clone of the last commit, with the files that the pages mention and the installed packages. */
function freshClone(): string {
  const clone = join(mkdtempSync(join(tmpdir(), 'walk-')), 'incident-playbooks');
  execFileSync('git', ['clone', '--quiet', root, clone]);
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
  mkdirSync(join(clone, 'metrics'));
  writeFileSync(join(clone, 'cpu.csv'), madeUpSeries());
  writeFileSync(join(clone, 'metrics', 'i-0a.csv'), madeUpSeries());
  const Datapoints = Array.from({ length: 288 }, (_, i) => ({
    Timestamp: new Date(Date.UTC(2026, 2, 1) + i * 300_000).toISOString(),
    Average: 20 + (i % 7),
  }));
  writeFileSync(join(clone, 'cpu.json'), JSON.stringify({ Label: 'CPUUtilization', Datapoints }));
  writeFileSync(join(clone, 'scan.json'), JSON.stringify({ Items: [], Count: 0 }));
  writeFileSync(join(clone, 'labels.csv'), 'instance,start,end\ni-0a,2026-01-18T21:00:00Z,2026-01-18T23:00:00Z\n');
  return clone;
}

/** Whether a command ended as its step expects, with its output. */
function tryOut({ command, expects }: Step, clone: string): { ok: boolean; said: string } {
  const env = { PATH: process.env.PATH, HOME: join(clone, '..'), AWS_REGION: 'us-east-1', NODE_NO_WARNINGS: '1' };
  const options = { cwd: clone, env: { ...env, AWS_EC2_METADATA_DISABLED: 'true' }, encoding: 'utf8' as const };
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { ...options, maxBuffer: 2 ** 28 });
  const said = `${stdout}${stderr}`;
  const isRefused = status !== 0 && /credentials/i.test(said) && !/^\s+at .*:\d+:\d+/m.test(said);
  return { ok: expects === 'success' ? status === 0 : isRefused, said };
}

/** Runs every documented command in a fresh clone without AWS; exits with 1 when one does not end as expected. */
function main(): void {
  const steps = planWalk(pages.flatMap((page) => commandsOf(textOf(page))));
  const clone = freshClone();
  const wrong: string[] = [];
  for (const step of steps) {
    if (step.expects === 'nothing') {
      console.log(`skipped    ${step.command}: ${step.reason}`);
      continue;
    }
    const from = process.hrtime.bigint();
    const { ok, said } = tryOut(step, clone);
    const seconds = Math.round(Number(process.hrtime.bigint() - from) / 1e9);
    const end = step.expects === 'success' ? 'ran' : 'asked for credentials';
    console.log(`${ok ? '✔' : '✘'} ${String(seconds).padStart(4)} s  ${step.command}${ok ? `: ${end}` : ''}`);
    if (!ok) wrong.push(`${step.command}\n${said.split('\n').slice(-30).join('\n')}`);
  }
  rmSync(join(clone, '..'), { recursive: true });
  console.log(wrong.length === 0 ? `All ${steps.length} commands ended as expected.` : wrong.join('\n\n'));
  if (wrong.length > 0) process.exitCode = 1;
}

if (require.main === module) main();
