import { runSimulation, runUnsafeSimulation, type Simulation } from '@cloud-copilot/iam-simulate';
import { newActions } from './actions';
import type { Statement } from './roles';

/** One request to AWS as IAM sees it. */
export interface Request {
  action: string;
  resource: string;
  /** Condition keys of the request, e.g. `aws:ResourceTag/…`. */
  context?: Record<string, string | string[]>;
}

/** A request cannot be evaluated: its action, resource or a policy is not valid. */
export class SimulationError extends Error {
  override name = 'SimulationError';
}

/**
 * Whether a principal with these statements may make the request. Nothing is asked of AWS.
 * @throws SimulationError when IAM would not know the action or the policy is malformed
 */
export async function isAllowed(statements: Statement[], request: Request, principal: string): Promise<boolean> {
  if (statements.length === 0) return false;
  // Every resource is simulated as the caller's own, so that no missing resource policy hides what the role allows.
  const account = principal.split(':')[4]!;
  const simulation: Simulation = {
    request: {
      principal,
      action: request.action,
      resource: { resource: request.resource, accountId: account },
      contextVariables: request.context ?? {},
    },
    identityPolicies: [{ name: 'role', policy: { Version: '2012-10-17', Statement: statements } }],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    resourcePolicy: request.action.startsWith('kms:') ? keyPolicy(account) : undefined,
  };
  // What the package's data does not know is evaluated without its checks: new actions, and documents that AWS owns.
  if (request.action in newActions || /::document\/AWS-/.test(request.resource)) {
    return runUnsafeSimulation(simulation, {}) === 'Allowed';
  }
  const outcome = await runSimulation(simulation, {});
  if (outcome.resultType === 'error') {
    throw new SimulationError(`${request.action} on ${request.resource}: ${JSON.stringify(outcome.errors)}`);
  }
  return outcome.overallResult === 'Allowed';
}

/** The key policy that leaves the decision to IAM; without one, KMS allows nobody anything. */
function keyPolicy(account: string) {
  const root = { AWS: `arn:aws:iam::${account}:root` };
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: root, Action: 'kms:*', Resource: '*' }] };
}
