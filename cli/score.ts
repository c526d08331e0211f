import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { endingWithTwo } from '../drill/command-line';
import { type MetricsFile, MetricsFileError, readMetrics } from '../drill/metrics/read-csv';
import { defaultDetector, detectors } from '../functions/anomaly/detectors/registry';
import { type Frame, whyUnknown } from '../functions/anomaly/frame';
import { writeScores } from './scoring/write-csv';

const program = endingWithTwo(new Command('score'))
  .description('Scores each row of a metrics file, using only earlier rows.')
  .option('--metrics <file>', 'a CSV file with timestamp,value or timestamp and several value columns')
  .addOption(
    new Option('--detector <name>', 'the detector').choices([...detectors.keys()]).default(defaultDetector.name),
  )
  .option('--explain', 'add a sentence to each row')
  .option('--threshold', 'print the anomaly threshold, and exit');

function frameOf({ header, times, columns }: MetricsFile): Frame {
  return { times, series: columns.map((values, i) => ({ metric: header[i + 1]!, values })) };
}

function warn(file: MetricsFile): void {
  file.columns.forEach((values, i) => {
    const why = whyUnknown(values);
    if (why) process.stderr.write(`${file.header[i + 1]} is unknown: ${why}\n`);
  });
  const back = file.times.findIndex((time, i) => i > 0 && time < file.times[i - 1]!);
  if (back > 0)
    process.stderr.write(`row ${back + 1} is earlier than the row before it; rows are scored in file order\n`);
}

function main(): void {
  const options = program
    .parse()
    .opts<{ metrics?: string; detector: string; explain?: boolean; threshold?: boolean }>();
  const detector = detectors.get(options.detector)!;
  if (options.threshold) {
    process.stdout.write(`${detector.threshold}\n`);
    return;
  }
  if (!options.metrics) program.error('error: --metrics FILE.csv is required', { exitCode: 2 });
  const file = readMetrics(readFileSync(options.metrics!, 'utf8'), options.metrics!);
  warn(file);
  process.stdout.write(writeScores(file, detector.score(frameOf(file)), options.explain ?? false));
}

try {
  main();
} catch (error) {
  const isExpected = error instanceof MetricsFileError || (error instanceof Error && 'code' in error);
  if (!isExpected) throw error;
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 1;
}
