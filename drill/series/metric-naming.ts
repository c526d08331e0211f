/** The metrics that the command line names. */
export interface MetricNaming {
  /** The metric of columns that do not say it themselves. */
  usual: string;
  /** Whether it was given, or is the default. */
  isGiven: boolean;
  /** Metrics by column label, column id or file name. */
  byName: ReadonlyMap<string, string>;
}

/** The default: the metric of most alarms. */
export const noNaming: MetricNaming = { usual: 'CPUUtilization', isGiven: false, byName: new Map() };

/** Adds one `--metric`: `NAME`, or `COLUMN=NAME` or `FILE=NAME` for one of several. */
export function withNaming(text: string, before: MetricNaming = noNaming): MetricNaming {
  const at = text.lastIndexOf('=');
  if (at < 0) return { ...before, usual: text.trim(), isGiven: true };
  return { ...before, byName: new Map([...before.byName, [text.slice(0, at).trim(), text.slice(at + 1).trim()]]) };
}
