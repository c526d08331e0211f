import { fromAws } from '../shared/aws-errors';
import { logger } from '../shared/logger';
import type { Change } from './change';
import { commandChanges, deployedChanges, type Subject, scalingChanges } from './other-sources';

const sources: Readonly<Record<string, (subject: Subject, since: Date) => Promise<Change[]>>> = {
  'Auto Scaling': scalingChanges,
  CodeDeploy: deployedChanges,
  'Systems Manager': commandChanges,
};

/** Longer than a source usually takes, and short enough for the step. */
const mostMs = 8_000;

/**
 * What Auto Scaling, CodeDeploy and Systems Manager did to an instance, all at once. A read that fails never throws: it is
 * logged, and its reason is in the result.
 */
export async function lookElsewhere(
  subject: Subject,
  since: Date,
): Promise<{ changes: Change[]; unknown?: string | undefined }> {
  const looks = Object.entries(sources).map(([name, look]) => bounded(name, look(subject, since)));
  const found = await Promise.all(looks);
  const unknown = found.flatMap((one) => one.unknown ?? []).join(' ');
  return { changes: found.flatMap(({ changes }) => changes), ...(unknown ? { unknown } : {}) };
}

async function bounded(name: string, look: Promise<Change[]>): Promise<{ changes: Change[]; unknown?: string }> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, mostMs, undefined);
  });
  try {
    const changes = await Promise.race([look, late]);
    return changes ? { changes } : { changes: [], unknown: `${name} did not answer in time.` };
  } catch (error) {
    const { name: code, message } = fromAws(error);
    logger.error('changes not read', { step: 'look-up-activity', source: name, error: code, why: message });
    return { changes: [], unknown: `${name} was not read (${code}).` };
  } finally {
    clearTimeout(timer);
  }
}
