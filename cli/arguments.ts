import { InvalidArgumentError } from 'commander';
import { regionList } from '../packaging/region-list';

/** A parser of an argument that has to match; a wrong one is refused before anything else is done. */
const matching = (pattern: RegExp, what: string) => (text: string) => {
  if (pattern.test(text)) return text;
  throw new InvalidArgumentError(`It is ${what}.`);
};

/** The name of a stage, as packaging takes it. */
export const asStage = matching(/^[a-z][a-z0-9]{0,19}$/, 'up to 20 characters a-z and 0-9, starting with a letter');

/** Regions, with commas between them. */
export const asRegions = (text: string): string[] => [
  ...new Set(
    matching(regionList, 'regions with commas, for example eu-west-1,us-east-1')(text.replaceAll(' ', '')).split(','),
  ),
];

const accountId = matching(/^\d{12}$/, 'the ID of an account, 12 digits');

/** The ID of an AWS account, given once: of two, nobody would see that the first one counts for nothing. */
export const asAccount = (text: string, before?: string): string => {
  if (before === undefined) return accountId(text);
  throw new InvalidArgumentError(`It is given twice, first as ${before}: name one account.`);
};

/** The ID of an incident. */
export const asIncident = matching(/^inc-[0-9a-f]{20}$/, 'the ID of an incident, for example inc-0123456789abcdef0123');

/** The ID of an instance. */
export const asInstance = matching(
  /^i-([0-9a-f]{8}|[0-9a-f]{17})$/,
  'the ID of an instance, for example i-0123456789abcdef0',
);
