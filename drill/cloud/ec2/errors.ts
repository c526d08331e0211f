import { serviceError } from '../errors';

// EC2's own wording. Source: EC2 API reference, "Error codes", and messages as EC2 returns them.

export function instanceNotFound(ids: readonly string[]): Error {
  const message =
    ids.length === 1
      ? `The instance ID '${ids[0]}' does not exist`
      : `The instance IDs '${ids.join(', ')}' do not exist`;
  return serviceError('ec2', 'InvalidInstanceID.NotFound', message);
}

export function instanceIdMalformed(id: string): Error {
  return serviceError('ec2', 'InvalidInstanceID.Malformed', `Invalid id: "${id}"`);
}

export function incorrectState(id: string, participle: 'started' | 'stopped' | 'rebooted'): Error {
  return serviceError(
    'ec2',
    'IncorrectInstanceState',
    `The instance '${id}' is not in a state from which it can be ${participle}.`,
  );
}

export function rootNotEbs(id: string): Error {
  return serviceError(
    'ec2',
    'UnsupportedOperation',
    `The instance '${id}' does not have an 'ebs' root device type and cannot be stopped.`,
  );
}

export function oneTimeSpot(id: string): Error {
  return serviceError(
    'ec2',
    'UnsupportedOperation',
    `You can't stop the Spot Instance '${id}' because it is associated with a one-time Spot Instance request. You can only stop Spot Instances associated with persistent Spot Instance requests.`,
  );
}

export function hibernationNotConfigured(id: string): Error {
  return serviceError(
    'ec2',
    'UnsupportedHibernationConfiguration',
    `The instance '${id}' is not configured for hibernation.`,
  );
}

export function protectedFrom(id: string, participle: 'stopped' | 'terminated'): Error {
  const attribute = participle === 'stopped' ? 'disableApiStop' : 'disableApiTermination';
  const message = `The instance '${id}' may not be ${participle}. Modify its '${attribute}' instance attribute and try again.`;
  return serviceError('ec2', 'OperationNotPermitted', message);
}

export function insufficientCapacity(instanceType: string, zone: string): Error {
  return serviceError(
    'ec2',
    'InsufficientInstanceCapacity',
    `We currently do not have sufficient ${instanceType} capacity in the Availability Zone you requested (${zone}). Our system will be working on provisioning additional capacity.`,
    500,
  );
}

export function dryRun(): Error {
  return serviceError('ec2', 'DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
}

export function missingParameter(name: string): Error {
  return serviceError('ec2', 'MissingParameter', `The request must contain the parameter ${name}`);
}

export function invalidParameter(message: string): Error {
  return serviceError('ec2', 'InvalidParameterValue', message);
}
