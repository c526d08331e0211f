import { validate } from '../template/validator';
import type { Fields } from './stable';

/** A value where an optional one is empty: the validator looks at both sides of a condition with the same value. */
const samples: Record<string, string> = {
  CustomerKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
};

/** The errors that AWS's own validator finds in a release's template; its warnings are about style. */
export function findErrors(template: Fields): string[] {
  const copy = structuredClone(template) as { Parameters: Record<string, Fields> };
  for (const [name, value] of Object.entries(samples)) copy.Parameters[name]!.Default = value;
  return validate(JSON.stringify(copy))
    .filter(({ check }) => /^[EF]/.test(check))
    .map(({ check, at, what }) => `${check} ${at}: ${what}`);
}
