import { PlaybookError } from '../functions/shared/errors';
import { askStage } from './ask-stage';

/** The account of `--account` is none of the stage's, or has nothing in a file. */
export class NoSuchAccountError extends PlaybookError {}

/**
 * The environment of a stage's functions; the same for all of them but for what one alone needs.
 * @throws whatever the SDK client throws
 */
export async function readEnvironment(stage: string): Promise<Record<string, string> | undefined> {
  // Loaded once the stage has answered: whoever names the wrong one hears so at once.
  const { GetFunctionConfigurationCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
  const FunctionName = `incident-playbooks-${stage}-plan-action`;
  const { Environment } = await new LambdaClient({}).send(new GetFunctionConfigurationCommand({ FunctionName }));
  return Environment?.Variables;
}

/** The accounts of a stage, its own first, from `ACCOUNT_IDS`. Pure. */
export const accountsIn = (list: string | undefined): string[] => (list ?? '').split(',').filter(Boolean);

/** The accounts of a stage, its own first. @throws StageCallError */
export const readAccountIds = (stage: string): Promise<string[]> =>
  askStage(`The accounts of stage ${stage} could not be read for --account`, async () =>
    accountsIn((await readEnvironment(stage))?.ACCOUNT_IDS),
  );

/** @throws NoSuchAccountError naming the flag, when the stage does not look after the account */
export function assertListed(account: string, accounts: readonly string[], stage: string): void {
  if (accounts.includes(account)) return;
  const all = accounts.length > 0 ? `its accounts are ${accounts.join(', ')}` : 'it names no accounts';
  throw new NoSuchAccountError(`--account ${account}: stage ${stage} does not look after this account; ${all}`);
}
