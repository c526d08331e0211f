import { type ClosingIncident, concludingSteps } from './closing-incident';
import type { Conclusion, Outcome } from './outcome';

/** Errors that mean "not allowed (any more)" and so end as a skip when nothing was changed yet. */
const skips: Record<string, string> = {
  ModeIsObserveError: 'mode-is-observe',
  KillSwitchOnError: 'kill-switch-on',
  NotOptedInError: 'not-opted-in',
  ProtectedInstanceError: 'protected',
  LeaseLostError: 'lease-lost',
  NotOursError: 'stopped-by-others',
};

/** The words of a Lambda error (Step Functions hands them over as a JSON text), free of stack traces. */
export function wordsOf(cause: string): string {
  try {
    const parsed: unknown = JSON.parse(cause);
    if (typeof parsed === 'object' && parsed !== null && 'errorMessage' in parsed)
      return String(parsed.errorMessage).slice(0, 500);
  } catch {
    // Not JSON: the cause is the text itself.
  }
  return cause.slice(0, 500);
}

/**
 * How an incident ends, from what its steps found.
 * A failure comes first; then the last step that concluded. An instance that we left stopped always escalates, and one
 * that a restart left out of service is never said to be well.
 */
export function conclude(incident: ClosingIncident): Conclusion {
  const conclusion = concludeSteps(incident);
  if (!isStillOut(incident) || conclusion.outcome === 'GONE' || conclusion.reason.includes('out of service'))
    return conclusion;
  const reason = `${conclusion.reason} It is still out of service: a person has to put it back.`;
  return goodEnds.includes(conclusion.outcome)
    ? { outcome: 'ESCALATED', code: 'left-out-of-service', reason }
    : { ...conclusion, reason };
}

const goodEnds: readonly Outcome[] = ['RESOLVED', 'SKIPPED', 'OBSERVED'];

/** Whether a restart (an isolation means to) took the instance out of service and has not seen it back. */
function isStillOut({ plan, leaving, returning }: ClosingIncident): boolean {
  const { group, targets = [] } = leaving?.membership ?? {};
  return plan !== undefined && (group !== undefined || targets.length > 0) && returning?.verdict !== 'DONE';
}

function concludeSteps(incident: ClosingIncident): Conclusion {
  const { failure, compensation, verifyFailure } = incident;
  if (verifyFailure) return notVerified(verifyFailure);
  if (!failure) return lastConclusion(incident) ?? unexplained();
  // A failure that was followed by a recovery check was overcome: the instance was brought back.
  if (incident.recovery?.conclusion) return incident.recovery.conclusion;
  const { Error: error, Cause: cause } = failure;
  const words = asSentence(wordsOf(cause) || error);
  if (compensation?.leftStopped) {
    return {
      outcome: 'ESCALATED',
      code: 'left-stopped',
      reason: `${words} The instance is ${compensation.state}: a person has to see that it runs.`,
    };
  }
  if (compensation?.leftOutOfService && incident.returning?.verdict !== 'DONE') {
    return {
      outcome: 'ESCALATED',
      code: 'left-out-of-service',
      reason: `${words} The instance is out of service: a person has to put it back.`,
    };
  }
  if (error === 'InstanceGoneError') return { outcome: 'GONE', code: 'instance-gone', reason: words };
  if (!incident.compensation && incident.plan && skips[error] === undefined) {
    return {
      outcome: 'ESCALATED',
      code: codeOf(error),
      reason: `${words} What state the instance is in, and whether it is out of service, could not be read.`,
    };
  }
  const skip = skips[error];
  if (skip) return { outcome: 'SKIPPED', code: skip, reason: words };
  return { outcome: 'FAILED', code: codeOf(error), reason: `A step failed for good. ${words}` };
}

/** AWS's own words end without a full stop, and often begin with an error code. */
function asSentence(words: string): string {
  const trimmed = words.trim();
  return `${trimmed.charAt(0).toUpperCase()}${trimmed.slice(1)}${/[.!?]$/.test(trimmed) ? '' : '.'}`;
}

function lastConclusion(incident: ClosingIncident): Conclusion | undefined {
  return concludingSteps.map((name) => incident[name]?.conclusion).findLast((found) => found !== undefined);
}

/** Changes were begun and could not be looked at again: never taken for complete. */
function notVerified({ Error: error, Cause: cause }: NonNullable<ClosingIncident['verifyFailure']>): Conclusion {
  const reason = `What was changed could not be verified (${wordsOf(cause) || error}); the state before each change is in the record.`;
  return { outcome: 'PARTIAL', code: 'not-verified', reason };
}

function unexplained(): Conclusion {
  return {
    outcome: 'FAILED',
    code: 'no-conclusion',
    reason: 'The playbook ended without a conclusion: this is a defect.',
  };
}

/** `InsufficientCapacityError` → `insufficient-capacity`. */
export function codeOf(error: string): string {
  return error
    .replace(/(Error|Exception)$/, '')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase();
}
