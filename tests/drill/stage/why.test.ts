import { whyNot } from '../../../drill/stage/why';

const named = (name: string, message: string) => Object.assign(new Error(message), { name });

test.each([
  [new Error('Region is missing'), 'no region is set: set AWS_REGION, for example to us-east-1 (Region is missing)'],
  [
    named('CredentialsProviderError', 'Could not load credentials from any providers'),
    /^no credentials were found: set AWS_PROFILE, or log in \(Cred/,
  ],
  [named('ExpiredTokenException', 'The token has expired'), /^the credentials have expired or are wrong/],
  [named('ResourceNotFoundException', 'Requested resource not found'), /^not found in this account and region/],
  [
    named('AccessDeniedException', 'not authorized to perform'),
    /^your credentials do not allow this \(AccessDeniedException: not auth/,
  ],
  [named('Error', 'getaddrinfo ENOTFOUND dynamodb.us-east-1'), /^AWS could not be reached/],
  [named('ValidationException', 'a strange one'), 'ValidationException: a strange one'],
  ['no error at all', 'no error at all'],
])('%s says what to do', (error, sentence) => {
  expect(whyNot(error)).toMatch(sentence);
});
