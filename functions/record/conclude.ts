import { type ClosingIncident, concludingSteps } from './closing-incident';
import { type Code, isCode, isGuardRefusal } from './codes';
import type { Conclusion } from './conclusion';
import type { Failure } from './failure';
import { endsWell } from './outcomes';

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

/** What went wrong, in words that are never empty; an error that no code names is named in them. */
export function wordsOfFailure({ Error: error, Cause: cause }: Failure): string {
  const words = wordsOf(cause) || error;
  return codeOf(error) !== 'step-failed' || words.includes(error) ? words : `${error}: ${words}`;
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
  return endsWell(conclusion.outcome)
    ? { outcome: 'ESCALATED', code: 'left-out-of-service', reason }
    : { ...conclusion, reason };
}

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
  const words = asSentence(wordsOfFailure(failure));
  const code = codeOf(failure.Error);
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
  if (code === 'instance-gone') return { outcome: 'GONE', code, reason: words };
  // "Not allowed (any more)" is a skip where nothing was changed yet.
  if (isGuardRefusal(code)) return { outcome: 'SKIPPED', code, reason: words };
  if (!incident.compensation && incident.plan) {
    return {
      outcome: 'ESCALATED',
      code,
      reason: `${words} What state the instance is in, and whether it is out of service, could not be read.`,
    };
  }
  return { outcome: 'FAILED', code, reason: `A step failed for good. ${words}` };
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
function notVerified(failure: Failure): Conclusion {
  const reason = `What was changed could not be verified (${wordsOfFailure(failure)}); the state before each change is in the record.`;
  return { outcome: 'PARTIAL', code: 'not-verified', reason };
}

function unexplained(): Conclusion {
  return {
    outcome: 'FAILED',
    code: 'no-conclusion',
    reason: 'The playbook ended without a conclusion: this is a defect.',
  };
}

/** Errors that are said under the code of the rule that they stand for. */
const namedOtherwise: Readonly<Record<string, Code>> = {
  ProtectedInstanceError: 'protected',
  NotOursError: 'stopped-by-others',
};

/** The code of an error by its name, `InsufficientCapacityError` → `insufficient-capacity`; `step-failed` when none is listed. */
export function codeOf(error: string): Code {
  const code = error
    .replace(/(Error|Exception)$/, '')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase();
  return namedOtherwise[error] ?? (isCode(code) ? code : 'step-failed');
}
