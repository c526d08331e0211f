import { fromAws, IncorrectInstanceStateError } from '../../functions/shared/aws-errors';

const awsError = (name: string, status = 400) =>
  Object.assign(new Error('words of AWS'), { name, $fault: 'client', $metadata: { httpStatusCode: status } });

test.each([
  ['RequestLimitExceeded', 'ThrottledError'],
  ['ThrottlingException', 'ThrottledError'],
  ['ProvisionedThroughputExceededException', 'ThrottledError'],
  ['UnauthorizedOperation', 'NotAuthorizedError'],
  ['AccessDeniedException', 'NotAuthorizedError'],
  ['InvalidInstanceID.NotFound', 'InstanceGoneError'],
  ['IncorrectInstanceState', 'IncorrectInstanceStateError'],
  ['InsufficientInstanceCapacity', 'InsufficientCapacityError'],
  ['UnsupportedOperation', 'OperationRefusedError'],
  ['OperationNotPermitted', 'OperationRefusedError'],
  ['InternalError', 'ServiceUnavailableError'],
  ['SomethingNew', 'AwsCallError'],
])('%s is named %s and keeps its cause', (code, name) => {
  const cause = awsError(code);
  const error = fromAws(cause);

  expect(error.name).toBe(name);
  expect(error.cause).toBe(cause);
  expect(error.message).toContain('words of AWS');
});

test('any 5xx is a fault of AWS, worth a retry', () => {
  expect(fromAws(awsError('Odd', 503)).name).toBe('ServiceUnavailableError');
});

test('our own errors and defects stay as they are', () => {
  const own = new IncorrectInstanceStateError('x');
  const defect = new TypeError('undefined is not a function');

  expect(fromAws(own)).toBe(own);
  expect(fromAws(defect)).toBe(defect);
});
