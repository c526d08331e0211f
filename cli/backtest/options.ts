import { Command, InvalidArgumentError } from 'commander';
import type { MetricNaming } from '../../drill/series/metric-naming';
import { metricOption } from '../../drill/series/option';

/** The exit codes of the process. */
export const exitCodes = { done: 0, badInput: 2, broken: 3, interrupted: 130 } as const;

/** What the command line may be given. */
export interface Options {
  metrics?: string;
  metric: MetricNaming;
  labels?: string;
  stage: string;
  days: number;
  threshold?: { metric?: string; value: number };
  datapoints?: { datapointsToAlarm: number; evaluationPeriods: number };
  sample?: number;
  report: string;
  json?: boolean;
}

const positive = (text: string): number => {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('must be a number above 0');
  return value;
};
/** `90`, or `NetworkOut=5000000000` for another metric than the usual one. */
const ofMetric = (text: string): { metric?: string; value: number } => {
  const at = text.lastIndexOf('=');
  return { ...(at < 0 ? {} : { metric: text.slice(0, at).trim() }), value: positive(text.slice(at + 1)) };
};
const ofPeriods = (text: string) => {
  const [datapointsToAlarm = 0, evaluationPeriods = 0] = text.split('/').map(Number);
  const isFine = Number.isInteger(datapointsToAlarm) && Number.isInteger(evaluationPeriods);
  if (!isFine || datapointsToAlarm < 1 || datapointsToAlarm > evaluationPeriods)
    throw new InvalidArgumentError('must have the form M/N, for example 3/5');
  return { datapointsToAlarm, evaluationPeriods };
};

export function program(): Command {
  return new Command('backtest')
    .description(
      'Replays alarms, scorer and guards over past metrics, to show what would have been restarted and what not.',
    )
    .option('--metrics <path>', 'a file of metrics, or a folder with one per instance (CSV or JSON; docs/series.md)')
    .addOption(metricOption('with --metrics: '))
    .option('--labels <file>', 'times of real trouble: CSV with instance,start,end, or JSON')
    .option(
      '--stage <stage>',
      'use the alarms and guards of this stage; without --metrics, also read its instances from CloudWatch',
      'dev',
    )
    .option('--days <n>', 'without --metrics: days to look back', positive, 14)
    .option('--threshold <n>', 'another threshold for the alarms of --metric, or METRIC=N', ofMetric)
    .option('--datapoints <m/n>', 'other datapoints to alarm for the load alarms', ofPeriods)
    .option('--sample <n>', 'a generated fleet of n instances, to see what the page looks like', positive)
    .option('--report <file>', 'file to write the page to', 'backtest.html')
    .option('--json', 'print the figures as one JSON document on standard output')
    .addHelpText(
      'after',
      `
Ctrl-C stops it after the current instance and writes a page of the results so far.

Exit codes:
  0    done
  2    invalid usage, or an invalid file
  3    the backtest itself failed
  130  stopped by Ctrl-C; the page covers the instances up to then`,
    )
    .exitOverride();
}
