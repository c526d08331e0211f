import { access } from './access';
import { backups, encryption, policies, retries, secrets } from './data';
import type { Check, Found, WholeTemplate } from './model';
import { aliases, concurrency, deadLetters, logs, quotas, tracing } from './operations';
import { tags } from './tags';
import { transport } from './transport';

/** The project's own static checks of a packaged template, by the name that a suppression gives. */
export const checks: Record<string, Check> = {
  access,
  aliases,
  backups,
  concurrency,
  deadLetters,
  encryption,
  logs,
  policies,
  retries,
  quotas,
  secrets,
  tags,
  tracing,
  transport,
};

/** Everything that the project's own checks find. */
export function runChecks(template: WholeTemplate): Found[] {
  return Object.entries(checks).flatMap(([check, run]) => run(template).map((found) => ({ check, ...found })));
}
