/** Advice on SDK errors, by name or message; source: "Common errors" in the services' API references. */
const advice: ReadonlyArray<[RegExp, string]> = [
  [/Region (is missing|not accepted)/, 'no region is set: set AWS_REGION, for example to us-east-1'],
  [
    /CredentialsProviderError|Could not load credentials|CredentialsError|TokenProviderError/,
    'no credentials were found: set AWS_PROFILE, or log in',
  ],
  [
    /ExpiredToken|UnrecognizedClient|InvalidClientTokenId|InvalidSignature|AuthFailure|InvalidAccessKeyId/,
    'the credentials have expired or are wrong: log in again',
  ],
  [/ResourceNotFound|StateMachineDoesNotExist|TableNotFound/, 'not found in this account and region'],
  [/AccessDenied|UnauthorizedOperation|NotAuthorized/, 'your credentials do not allow this'],
  [/ENOTFOUND|ECONNREFUSED|ECONNRESET|EAI_AGAIN|TimeoutError|ETIMEDOUT/, 'AWS could not be reached'],
];

/** Why a call to AWS failed, as advice for the caller, followed by the error from AWS or the SDK. */
export function whyNot(error: unknown): string {
  const { name = 'Error', message = String(error) } = (error ?? {}) as Partial<Error>;
  const said = name === 'Error' ? message : `${name}: ${message}`;
  const found = advice.find(([pattern]) => pattern.test(said));
  return found ? `${found[1]} (${said})` : said;
}
