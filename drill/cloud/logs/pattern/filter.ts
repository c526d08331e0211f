/** What a metric filter takes from a line: values by name, as `$.latency` or `$bytes`. */
export type Extracted = Readonly<Record<string, string>>;

/** A parsed filter pattern. */
export interface Filter {
  readonly kind: 'text' | 'json' | 'delimited';
  /** How many regular expressions it has: a log group takes five filters with any. */
  readonly regexes: number;
  /** What the filter takes from a line that it matches; undefined for a line that it does not match. */
  match(message: string): Extracted | undefined;
}
