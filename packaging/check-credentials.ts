import type { STSClientConfig } from '@aws-sdk/client-sts';

/** Nobody may deploy as nobody: the message says what to do. */
export class CredentialsError extends Error {
  override name = 'CredentialsError';
}

/**
 * Asks AWS who deploys, which needs no permission: a deployment without credentials, or with expired ones, is told so
 * before it packages for a minute, not after. Source: STS API reference, GetCallerIdentity.
 * @throws CredentialsError with the reason
 */
export async function checkCredentials(
  config: Pick<STSClientConfig, 'region' | 'endpoint' | 'credentials'>,
): Promise<void> {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  try {
    await new STSClient(config).send(new GetCallerIdentityCommand({}));
  } catch (cause) {
    const { name, message } = cause as Error;
    const isNone = /CredentialsProvider|Could not load credentials|TokenProvider/.test(`${name}: ${message}`);
    const todo = isNone
      ? 'No AWS credentials were found: set AWS_PROFILE, or log in.'
      : 'AWS did not accept the credentials, or could not be reached: log in again.';
    throw new CredentialsError(`${todo} Nothing was packaged. (${name}: ${message})`, { cause });
  }
}
