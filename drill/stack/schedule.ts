import { TemplateError } from './template';

const unitMs: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Milliseconds between two runs of a rule's `rate(…)` expression.
 * @returns undefined for `cron(…)`: what runs once a week or at night does not run within a drill
 * @throws TemplateError when it is neither
 */
export function rateOf(expression: string): number | undefined {
  if (/^cron\(.+\)$/.test(expression)) return undefined;
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (!count) throw new TemplateError(`"${expression}" is no schedule expression`);
  return Number(count) * unitMs[unit]!;
}
