import { type Passing, passing, standing } from '../cloud/behaviour/table';
import type { DrillResult } from '../scenario/result';
import { seededRandom } from '../stack/ids';
import type { Fault } from './faults';
import { between, maybe, pick } from './random';

/**
 * What AWS does on an ordinary day, out of the table of its behaviour: in most drills one rejection that passes by itself,
 * in many also an EC2 that shows changes late, snapshots that take hours or are deleted, or capacity that proves short. Drawn apart from the other faults, which are the same without it.
 */
export function drawOrdinary(seed: number, commands: readonly string[]): Fault[] {
  const random = seededRandom(seed + 1_000_003);
  const ofPlaybook = passing.filter(({ operation }) => commands.includes(commandOf(operation)));
  const refusal = () => refusalOf(pick(random, ofPlaybook), between(random, 1, 4));
  const forGood = standing.filter(({ operation }) => commands.includes(commandOf(operation)));
  const refused = () => {
    const { operation, code } = pick(random, forGood);
    return { name: 'api-refused', command: commandOf(operation), code, times: between(random, 1, 20) };
  };
  const late = () => ({ name: 'eventual-consistency', seconds: between(random, 5, 40) });
  const slow = () => ({ name: 'slow-snapshots', seconds: between(random, 300, 7_200) });
  const capacity = () => ({ name: 'insufficient-capacity', times: 1, shows: 'later' });
  const deleted = () => ({
    name: 'snapshot-deleted',
    after: pick(random, ['ModifyNetworkInterfaceAttribute', 'DescribeSnapshots']),
    recycleBin: random() < 0.5,
  });
  return [
    ...maybe(random, 0.7, refusal),
    ...maybe(random, 0.4, late),
    ...(commands.includes('CreateSnapshots') ? maybe(random, 0.15, slow) : []),
    ...(commands.includes('StartInstances') ? maybe(random, 0.05, capacity) : []),
    ...maybe(random, 0.15, refused),
    ...(commands.includes('CreateSnapshots') ? maybe(random, 0.05, deleted) : []),
  ];
}

/** An instance that three looks seconds apart do not find is gone; what passes is over before. */
const provesGone = 'InvalidInstanceID.NotFound';

function refusalOf({ operation, code, within }: Passing, times: number): Fault {
  const isShort = within === 'minutes' || code === provesGone;
  return {
    name: 'passing-refusal',
    command: commandOf(operation),
    code,
    times: isShort ? Math.min(times, 2) : times,
  };
}

const commandOf = (operation: string) => operation.split(':')[1]!;

/** Faults that use up the tries of the same call, or of every call. */
const wearing = ['api-throttled', 'api-error', 'api-denied', 'api-refused', 'answer-lost', 'late-answer'];
const wearingAll = ['lambda-refused', 'record-store-throttled'];

/** Incidents that ended by a rejection that passes by itself, though nothing else stood in its way. */
export function endedByPassing(
  faults: readonly Fault[],
  { incidents, ledger }: Pick<DrillResult, 'incidents' | 'ledger'>,
): string[] {
  const refusal = faults.find(({ name }) => name === 'passing-refusal');
  if (!refusal || faults.some((one) => wears(one, refusal))) return [];
  return incidents
    .filter(({ reason, outcome }) => outcome !== 'RESOLVED' && names(reason ?? '', String(refusal.code)))
    .filter((incident) => !isOfAnother(refusal, incident, ledger))
    .map(
      ({ outcome }) => `${refusal.code} of ${refusal.command}, which passes by itself, ended an incident as ${outcome}`,
    );
}

/**
 * Whether the code that an incident ended with is another call's: until its end its execution was refused another call with
 * that code, and this call either never, or it was answered in the same state later. An execution that was refused nothing
 * with that code proves nothing, since its reason came from elsewhere.
 */
function isOfAnother(
  { command, code }: Fault,
  { executionId, closedAt }: DrillResult['incidents'][number],
  ledger: DrillResult['ledger'],
): boolean {
  const end = closedAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(closedAt);
  const calls = ledger.filter(({ caller, at }) => caller?.executionId === executionId && at <= end);
  const refused = calls.filter(({ errorName }) => errorName === code);
  const lasting = refused.filter(
    (one) =>
      !calls.some(
        ({ command: other, result, at, caller }) =>
          other === one.command && result === 'ok' && at > one.at && caller?.stateName === one.caller?.stateName,
      ),
  );
  return refused.some((one) => one.command !== command) && !lasting.some((one) => one.command === command);
}

/** Whether a reason names exactly this code: InternalError is another than SNS's InternalErrorException. */
const names = (reason: string, code: string) =>
  reason.split(/[^A-Za-z.]+/).some((word) => word.replace(/\.$/, '') === code);

/**
 * `notification-fails` uses up the tries of Publish. Every call in a spoke waits for a session: what refuses AssumeRole
 * refuses it, too.
 */
const wears = ({ name, command }: Fault, refusal: Fault) =>
  wearingAll.includes(name) ||
  (name === 'notification-fails' && refusal.command === 'Publish') ||
  (wearing.includes(name) && (command === refusal.command || command === 'AssumeRole'));
