import { Option } from 'commander';
import { type MetricNaming, noNaming, withNaming } from './metric-naming';

/** `--metric`, which may be given once per column. */
export const metricOption = (when: string): Option =>
  new Option('--metric <name>', `${when}which metric a series is, or COLUMN=METRIC for one of several columns`)
    .argParser((text: string, before: MetricNaming) => withNaming(text, before))
    .default(noNaming, noNaming.usual);
