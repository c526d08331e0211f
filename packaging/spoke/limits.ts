import { PlaybookError } from '../../functions/shared/errors';
import type { CompiledTemplate } from '../complete-template';

/** More accounts than one of the limits of AWS has room for; the message names it. */
export class TooManySpokesError extends PlaybookError {}

/** Source: IAM user guide, "IAM and AWS STS quotas": the inline policies of a role together, without white space. */
export const mostCharacters = 10_240;
/** Source: Lambda developer guide, "Lambda quotas": the environment variables of a function together, in bytes. */
const mostOfEnvironment = 4_096;
/** Source: EventBridge user guide, "EventBridge quotas": event bus policy size, in characters. */
const mostOfBusPolicy = 10_240;
/** Source: EventBridge API reference, PutRule: event pattern, in characters. */
export const longestPattern = 2_048;

/** Source: CloudFormation user guide, "CloudFormation quotas": template body in S3, in bytes; some is left for what is added. */
const largestTemplate = 1_000_000;

/** What a value of CloudFormation may become, in characters: a name or an ARN of the stack. */
const ofReference = 128;

/**
 * Checks what grows with the list of accounts.
 * @param list where the template has the list
 * @throws TooManySpokesError
 */
export function checkLimits(template: CompiledTemplate, list: object, accounts: readonly string[]): void {
  const refuse = (what: string, length: number, who: string, most: number) => {
    if (length > most)
      throw new TooManySpokesError(
        `${what} with ${accounts.length} spokeAccounts: ${length}, and ${who} takes ${most}. Give the accounts beyond to another stage.`,
      );
  };
  const lengthOf = (value: unknown) =>
    JSON.stringify(value ?? '').replaceAll(JSON.stringify(list), JSON.stringify(accounts)).length;
  for (const [id, { Type, Properties = {} }] of Object.entries(template.Resources)) {
    if (Type === 'AWS::IAM::Role')
      refuse(`${id} would have too many characters of rights`, lengthOf(Properties.Policies), 'IAM', mostCharacters);
    if (Type === 'AWS::Events::EventBusPolicy')
      refuse(
        `${id} would be too long a policy of the event bus`,
        lengthOf(Properties.Statement),
        'EventBridge',
        mostOfBusPolicy,
      );
    if (Type === 'AWS::Lambda::Function')
      refuse(
        `${id} would have too many bytes of environment variables`,
        environmentOf(Properties, list, accounts),
        'Lambda',
        mostOfEnvironment,
      );
  }
  const bytes = Buffer.byteLength(JSON.stringify(template));
  refuse('The template would be too large', bytes, 'CloudFormation', largestTemplate);
}

/** The names and values of a function's environment variables, at least as long as they are once deployed. */
function environmentOf(
  { Environment = {} }: Record<string, unknown>,
  list: object,
  accounts: readonly string[],
): number {
  const { Variables = {} } = Environment as { Variables?: Record<string, unknown> };
  return Object.entries(Variables).reduce((sum, [name, value]) => {
    const isList = JSON.stringify(value).includes(JSON.stringify(list));
    return sum + name.length + (isList ? ['own account.', ...accounts].join().length : lengthOnceDeployed(value));
  }, 0);
}

function lengthOnceDeployed(value: unknown): number {
  const text = (value as { 'Fn::Sub'?: unknown })?.['Fn::Sub'] ?? value;
  if (typeof text === 'object') return ofReference;
  return Buffer.byteLength(String(text).replace(/\$\{[^}]*\}/g, 'x'.repeat(ofReference)));
}
