import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageStage } from '../../drill/packaging/package-stage';
import { type Bundle, bundleAll, bundleText } from '../template/bundle';
import { findSdkCommands } from '../template/sdk-commands';

/** What a function may weigh, and how much longer than its SDK clients alone it may take to load. */
export const bar = { bytes: 1_000_000, ratio: 1.3 };

/** One function: its bundle, and what loading it and its SDK clients alone costs, in fresh processes that take turns. */
export interface LoadRow {
  handler: string;
  bytes: number;
  clients: string[];
  /** Median milliseconds of processor time: waiting for a busy machine is none of the function's. */
  milliseconds: number;
  clientsAlone?: number;
  /** How many times its clients alone that is: the median over the rounds, each of which loads both in a row. */
  times?: number;
}

const clientFile = /^functions\/shared\/clients\/(.+)\.ts$/;

/** The SDK clients that a bundle holds, by their modules of this project, each of which makes one client. */
export const clientsOf = ({ parts }: Bundle): string[] =>
  [...parts.keys()].flatMap((file) => clientFile.exec(file)?.[1] ?? []).sort();

const timer = (file: string) =>
  `const from = process.cpuUsage(); require(${JSON.stringify(file)}); const { user, system } = process.cpuUsage(from);` +
  'process.stdout.write(String((user + system) / 1e3));';

/** Milliseconds of processor time that a fresh process takes to load a file; starting Node itself is left out. */
function load(file: string): number {
  const env = { PATH: process.env.PATH, AWS_REGION: 'us-east-1' };
  // The SDK warns of old versions of Node on the error stream, after the clock has stopped.
  const said = execFileSync(process.execPath, ['-e', timer(file)], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  return Number(said);
}

const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
/** Of one round after another: a machine that changes its speed between rounds changes both alike. */
const timesOf = (loads: number[], alone: number[]) => median(loads.map((load, round) => load / alone[round]!));

interface Measured {
  row: Omit<LoadRow, 'milliseconds' | 'clientsAlone' | 'times'>;
  file: string;
  alone: string | undefined;
  loads: number[];
  loadsAlone: number[];
}

/** Loads a function and its clients alone one right after the other, the first of the two changing from round to round. */
function takeTurn({ file, alone, loads, loadsAlone }: Measured, round: number): void {
  if (alone && round % 2 === 1) loadsAlone.push(load(alone));
  loads.push(load(file));
  if (alone && round % 2 === 0) loadsAlone.push(load(alone));
}

/**
 * Measures every function of the packaged stack: bundled as it is deployed, and against a bundle of its part of the SDK
 * alone. Each round goes through all functions, so that what else the machine does hits all alike.
 * @param rounds loads of each
 */
export async function measureColdStart(rounds: number): Promise<LoadRow[]> {
  const { Resources } = await packageStage('dev');
  const functions = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
  const folder = mkdtempSync(join(tmpdir(), 'cold-start-'));
  try {
    const all: Awaited<ReturnType<typeof prepare>>[] = [];
    const handlers = functions.map(({ Properties }) => String(Properties.Handler));
    for (const [handler, whole] of await bundleAll(handlers)) all.push(await prepare(handler, whole, folder));
    for (let round = 0; round < rounds; round += 1) for (const one of all) takeTurn(one, round);
    return all.map(({ row, loads, loadsAlone }) => ({
      ...row,
      milliseconds: median(loads),
      ...(loadsAlone.length > 0 ? { clientsAlone: median(loadsAlone), times: timesOf(loads, loadsAlone) } : {}),
    }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A bundle that makes the clients of a function and holds the commands that it sends with them, and nothing else. */
async function sdkAlone(handler: string, clients: string[]): Promise<Bundle> {
  const uses = await findSdkCommands([`${handler}.ts`]);
  const made = clients.map((name) => `export * from './functions/shared/clients/${name}';`);
  const sent = [...uses.values()].flatMap(({ commands }) =>
    commands.map(({ client, command }) => `export { ${command}Command } from '${client}';`),
  );
  return bundleText([...made, ...sent].join('\n'));
}

async function prepare(handler: string, whole: Bundle, folder: string): Promise<Measured> {
  const keep = (name: string, { text }: Bundle) => {
    const file = join(folder, `${name.replaceAll('/', '-')}.js`);
    writeFileSync(file, text);
    return file;
  };
  const clients = clientsOf(whole);
  const row = { handler: handler.replace(/\.handler$/, ''), bytes: whole.bytes, clients };
  const alone = clients.length > 0 ? keep(`${row.handler}-alone`, await sdkAlone(row.handler, clients)) : undefined;
  return { row, file: keep(row.handler, whole), alone, loads: [], loadsAlone: [] };
}

/** Whether a function is within the bar; one without SDK clients has nothing to be compared with. */
export const isWithin = (row: LoadRow) => row.bytes <= bar.bytes && (row.times ?? 0) <= bar.ratio;

/** The rows as a table, the slowest ratio first, and a line that sums them up. */
export function coldStartLines(rows: LoadRow[]): string[] {
  const sorted = [...rows].sort((a, b) => (b.times ?? 0) - (a.times ?? 0));
  const cells = sorted.map((row) => [
    row.handler.replace('functions/', ''),
    row.clients.join(', ') || 'none',
    `${Math.ceil(row.bytes / 1000)}`,
    row.milliseconds.toFixed(1),
    row.clientsAlone?.toFixed(1) ?? '-',
    row.times?.toFixed(2) ?? '-',
  ]);
  const header = ['function', 'SDK clients', 'kB', 'loads in ms of processor time', 'its clients alone', 'times'];
  const over = rows.filter((row) => !isWithin(row)).map(({ handler }) => handler);
  const summary =
    over.length === 0
      ? `All ${rows.length} functions are within ${bar.bytes / 1e6} MB and ${bar.ratio} times their clients.`
      : `OVER ${bar.bytes / 1e6} MB or ${bar.ratio} times their clients: ${over.length} of ${rows.length}: ${over.join(', ')}`;
  const line = (row: string[]) => `| ${row.join(' | ')} |`;
  return [line(header), `|${' --- |'.repeat(header.length)}`, ...cells.map(line), '', summary];
}

/** Prints the section of the benchmark, and ends the process with 1 when a function is over the bar. */
export async function showColdStart(rounds = 15): Promise<void> {
  const version = process.version;
  process.stdout.write(
    `## Cold start: bundles, and loading them in fresh processes (medians of ${rounds}, Node ${version})\n`,
  );
  const rows = await measureColdStart(rounds);
  for (const line of coldStartLines(rows)) process.stdout.write(`${line}\n`);
  if (!rows.every(isWithin)) process.exitCode = 1;
}

if (require.main === module) void showColdStart(Number(process.argv[2] ?? 15));
