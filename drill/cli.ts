import { isInputError } from './input-errors';
import { exitCodes, type Options, parseOptions } from './options';
import { cleanFor, paintFor } from './render/paint';
import { shown } from './render/shown';
import { wrapFor } from './render/wrap';
import { requireScenario } from './scenario/names';

/** Whether it is one scenario of the catalogue that is asked for. */
const isScenario = ({ list, history, metrics, chaos, all }: Options) =>
  !list && !chaos && !all && history === undefined && metrics === undefined;

/** What is being done while all that a drill needs is loaded, which takes longer than a person waits for a sign. */
async function sayFirst(options: Options, write: (line: string) => void): Promise<void> {
  if (options.json || options.list) return;
  const { scenario, stage, history, metrics } = options;
  if (isScenario(options)) await requireScenario(scenario);
  else if (!process.stdout.isTTY) return;
  const what =
    stage !== undefined
      ? `Looking for stage ${stage} …`
      : isScenario(options)
        ? 'Bringing up the simulated cloud and the playbooks …'
        : `Bringing up the simulated cloud for ${history ?? metrics ?? 'the scenarios'} …`;
  write(paintFor(process.stdout)('dim', shown(what)));
}

/** Parses the arguments, runs, and reports errors on standard error. @returns the exit code */
export async function main(
  argv: readonly string[],
  write: (line: string) => void = (line) => process.stdout.write(`${line}\n`),
): Promise<number> {
  let options: Options;
  try {
    options = parseOptions(argv);
  } catch (error) {
    return (error as { exitCode?: number }).exitCode === 0 ? exitCodes.asExpected : exitCodes.badInput;
  }
  try {
    await sayFirst(options, write);
    const { runTask } = await import('./tasks');
    const wrap = await wrapFor(options.json ? {} : process.stdout);
    const clean = cleanFor(process.stdout);
    return await runTask(options, (line) => write(options.json ? line : wrap(clean(line))));
  } catch (error) {
    const isInput = isInputError(error);
    const said = isInput ? error.message : `The drill failed: ${(error as Error).stack}`;
    process.stderr.write(`${shown(said)}\n`);
    return isInput ? exitCodes.badInput : exitCodes.broken;
  }
}

async function runAsCommand(): Promise<void> {
  // A reader that has enough (head, less) closes the pipe, which is not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) =>
    process.exit(error.code === 'EPIPE' ? 0 : exitCodes.broken),
  );
  // An unhandled error is a failure of the drill itself: it must not look like a failed playbook.
  process.on('unhandledRejection', (error) => {
    const said = `The drill failed: ${error instanceof Error ? error.stack : String(error)}`;
    process.stderr.write(`${shown(said)}\n`);
    process.exit(exitCodes.broken);
  });
  try {
    process.exitCode = await main(process.argv.slice(2));
  } finally {
    const { stopRecordStore } = await import('./stack/record-store');
    await stopRecordStore();
  }
}

if (require.main === module) void runAsCommand();
