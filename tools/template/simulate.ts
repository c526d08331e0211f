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

/** Answers by everything that can change them: most roles hold the same few statements. */
const answers = new Map<string, Promise<boolean>>();

/**
 * Whether a principal with these statements may make the request. Nothing is asked of AWS.
 * @throws SimulationError when IAM would not know the action or the policy is malformed
 */
export async function isAllowed(statements: Statement[], request: Request, principal: string): Promise<boolean> {
  const relevant = statements.flatMap((statement) => reachingOf(statement, request));
  // Simulating takes 10 ms: what no statement speaks of is denied without it.
  if (!relevant.some(({ Effect }) => Effect === 'Allow')) return false;
  const text = JSON.stringify([relevant, request]);
  const key = text.includes('aws:Principal') ? text + principal : text;
  if (!answers.has(key)) answers.set(key, simulate(relevant, request, principal));
  return answers.get(key)!;
}

/** Whether a Deny among these statements refuses the request, whatever else allows it. */
export async function isRefused(statements: Statement[], request: Request, principal: string): Promise<boolean> {
  const denials = statements.filter(({ Effect }) => Effect === 'Deny');
  const everything: Statement = { Effect: 'Allow', Action: [request.action], Resource: ['*'] };
  return !(await isAllowed([...denials, everything], request, principal));
}

/** Whether a pattern of IAM matches a text. */
export const matches = (pattern: string, text: string) => globOf(pattern).test(text);

/** The part of a statement that may speak of the request; a pattern counts as IAM's or wider. */
function reachingOf({ Sid: _sid, ...statement }: Statement, { action, resource }: Request): Statement[] {
  const Action = statement.Action.filter((pattern) => globOf(pattern.toLowerCase()).test(action.toLowerCase()));
  const Resource = statement.Resource.filter((pattern) => globOf(pattern).test(resource));
  return Action.length > 0 && Resource.length > 0 ? [{ ...statement, Action, Resource }] : [];
}

const globs = new Map<string, RegExp>();

function globOf(pattern: string): RegExp {
  const known = globs.get(pattern);
  if (known) return known;
  const literal = (text: string) => text.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  // A policy variable may stand for anything.
  const parts = pattern
    .split(/(\$\{[^}]*\}|[*?])/)
    .map((part, i) => (i % 2 ? (part === '?' ? '.' : '.*') : literal(part)));
  const glob = new RegExp(`^${parts.join('')}$`, 's');
  globs.set(pattern, glob);
  return glob;
}

async function simulate(statements: Statement[], request: Request, principal: string): Promise<boolean> {
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
