import { type ClosingIncident, concludingSteps } from './closing-incident';
import { type Code, isGuardRefusal } from './codes';
import type { Conclusion } from './conclusion';
import { codeNameOf } from './error-code';
import { errorCodes } from './error-codes';
import type { Failure } from './failure';
import { endsWell } from './outcomes';
import { asStanding, isLeftStanding } from './standing';

/** The message of a Lambda error (Step Functions passes it as JSON text), without stack traces. */
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

/** The error message, never empty; includes the error's name if no code covers it. */
export function wordsOfFailure({ Error: error, Cause: cause }: Failure): string {
  const words = wordsOf(cause) || error;
  return codeOf(error) !== 'step-failed' || words.includes(error) ? words : `${error}: ${words}`;
}

/**
 * How an incident ends, from its steps' findings.
 * A failure comes first, then the last conclusion. An instance that we left stopped always escalates, and one that a
 * restart left out of service never ends well.
 */
export function conclude(incident: ClosingIncident): Conclusion {
  const found = concludeSteps(incident);
  const conclusion = isLeftStanding(incident, found) ? asStanding(found) : found;
  if (!isStillOut(incident) || conclusion.outcome === 'GONE' || conclusion.reason.includes('out of service'))
    return conclusion;
  const reason = `${conclusion.reason} The instance is still out of service: put it back in service.`;
  return endsWell(conclusion.outcome)
    ? { outcome: 'ESCALATED', code: 'left-out-of-service', reason }
    : { ...conclusion, reason };
}

/** Whether a restart took the instance out of service and has not seen it back; for an isolation, that is intended. */
function isStillOut({ plan, leaving, returning }: ClosingIncident): boolean {
  const { group, targets = [] } = leaving?.membership ?? {};
  return plan !== undefined && (group !== undefined || targets.length > 0) && returning?.verdict !== 'DONE';
}

function concludeSteps(incident: ClosingIncident): Conclusion {
  const { failure, compensation, verifyFailure } = incident;
  if (verifyFailure) return notVerified(verifyFailure);
  if (!failure) return lastConclusion(incident) ?? unexplained();
  // A recovery check after the failure means that the instance was brought back.
  if (incident.recovery?.conclusion) return incident.recovery.conclusion;
  const words = asSentence(wordsOfFailure(failure));
  const code = codeOf(failure.Error);
  if (compensation?.leftStopped) {
    return {
      outcome: 'ESCALATED',
      code: 'left-stopped',
      reason: `${words} The instance is ${compensation.state}. Check that it is running, and start it if it is not.`,
    };
  }
  if (compensation?.leftOutOfService && incident.returning?.verdict !== 'DONE') {
    return {
      outcome: 'ESCALATED',
      code: 'left-out-of-service',
      reason: `${words} The instance is out of service: put it back in service.`,
    };
  }
  if (code === 'instance-gone') return { outcome: 'GONE', code, reason: words };
  // A refusal is a skip if nothing has been changed yet.
  if (isGuardRefusal(code)) return { outcome: 'SKIPPED', code, reason: words };
  if (!incident.compensation && incident.plan && incident.plan.action !== 'watch') {
    return {
      outcome: 'ESCALATED',
      code,
      reason: `${words} Whether the instance is running, or out of service, could not be read. Check it now.`,
    };
  }
  if (code === 'place-unreachable') return { outcome: 'ESCALATED', code, reason: words };
  return { outcome: 'FAILED', code, reason: `A step failed after all retries. ${words}` };
}

/** AWS's messages end without a full stop and often begin with an error code. */
function asSentence(words: string): string {
  const trimmed = words.trim();
  return `${trimmed.charAt(0).toUpperCase()}${trimmed.slice(1)}${/[.!?]$/.test(trimmed) ? '' : '.'}`;
}

function lastConclusion(incident: ClosingIncident): Conclusion | undefined {
  return concludingSteps.map((name) => incident[name]?.conclusion).findLast((found) => found !== undefined);
}

/** Changes were made but could not be verified: they never count as complete. */
function notVerified(failure: Failure): Conclusion {
  const reason = `The changes could not be verified (${wordsOfFailure(failure)}). Check them; the record has the state before each change.`;
  return { outcome: 'PARTIAL', code: 'not-verified', reason };
}

function unexplained(): Conclusion {
  return {
    outcome: 'FAILED',
    code: 'no-conclusion',
    reason: 'The playbook ended without a conclusion. This is a defect; report it.',
  };
}

/** The code of an error by its name, `InsufficientCapacityError` → `insufficient-capacity`; `step-failed` if no code matches. */
export function codeOf(error: string): Code {
  const code = codeNameOf(error) as Code;
  return errorCodes.includes(code) || isGuardRefusal(code) ? code : 'step-failed';
}
