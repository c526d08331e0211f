import { callFaults } from '../../../drill/cloud/faults/call-faults';

/** With which code a denied call of a service is refused. */
function denied(service: string): string {
  const { apply } = callFaults.find(({ name }) => name === 'api-denied')!;
  const entry = { service, command: 'Any', caller: { functionName: 'f', executionId: 'e', stateName: 's' }, input: {} };
  try {
    apply({}, {} as never).before?.({ entry, number: 1 } as never);
  } catch (error) {
    return (error as Error).name;
  }
  return 'allowed';
}

/** Source: "Common errors" of each API reference; SNS API reference, Publish; EC2 API reference, "Error codes". */
test.each([
  ['sts', 'AccessDenied'],
  ['iam', 'AccessDenied'],
  ['auto-scaling', 'AccessDenied'],
  ['elbv2', 'AccessDenied'],
  ['cloudwatch', 'AccessDenied'],
  ['s3', 'AccessDenied'],
  ['sns', 'AuthorizationErrorException'],
  ['ec2', 'UnauthorizedOperation'],
  ['ssm', 'AccessDeniedException'],
  ['dynamodb', 'AccessDeniedException'],
])('%s refuses what a role does not allow as %s', (service, code) => {
  expect(denied(service)).toBe(code);
});
