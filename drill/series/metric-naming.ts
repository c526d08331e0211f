/** Which metric is which, as the command line says it. */
export interface MetricNaming {
  /** What a column is that does not say so itself. */
  usual: string;
  /** Whether somebody said so, or it is only the default. */
  isGiven: boolean;
  /** Metrics by the label of a column, by its id or by the name of a file. */
  byName: ReadonlyMap<string, string>;
}

/** What is meant when nobody says: the metric that most alarms are about. */
export const noNaming: MetricNaming = { usual: 'CPUUtilization', isGiven: false, byName: new Map() };

/** One more `--metric`: `NAME`, or `COLUMN=NAME` or `FILE=NAME` for one of several. */
export function withNaming(text: string, before: MetricNaming = noNaming): MetricNaming {
  const at = text.lastIndexOf('=');
  if (at < 0) return { ...before, usual: text.trim(), isGiven: true };
  return { ...before, byName: new Map([...before.byName, [text.slice(0, at).trim(), text.slice(at + 1).trim()]]) };
}
