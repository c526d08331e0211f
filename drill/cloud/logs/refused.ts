import { serviceError } from '../errors';

type Code =
  | 'InvalidParameterException'
  | 'LimitExceededException'
  | 'MalformedQueryException'
  | 'ResourceAlreadyExistsException'
  | 'ResourceNotFoundException';

/** An error of CloudWatch Logs. Source: its API reference, the errors of each action. */
export const refused = (code: Code, message: string): Error => serviceError('logs', code, message);

export const noGroup = (): Error => refused('ResourceNotFoundException', 'The specified log group does not exist.');
