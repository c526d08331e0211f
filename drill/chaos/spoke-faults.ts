import type { ScenarioInput } from '../scenario/schema';
import type { Fault } from './faults';
import { between, maybe, pick, type Random } from './random';

type Place = NonNullable<ScenarioInput['places']>[number];

/** What goes wrong with STS itself, for one spoke: the hub asks it. */
export const stsFaults: readonly ((random: Random, account: string) => Fault)[] = [
  (random, resource) => ({ name: 'api-throttled', command: 'AssumeRole', resource, times: between(random, 1, 40) }),
  (random, resource) => ({ name: 'api-error', command: 'AssumeRole', resource, times: between(random, 1, 12) }),
  (random, resource) => ({ name: 'answer-lost', command: 'AssumeRole', resource, times: between(random, 1, 6) }),
  (random, resource) => ({
    name: 'late-answer',
    command: 'AssumeRole',
    resource,
    n: between(random, 1, 8),
    seconds: between(random, 2, 70),
  }),
  (_random, resource) => ({ name: 'api-denied', command: 'AssumeRole', resource }),
  (random, resource) => ({ name: 'crash-after-call', command: 'AssumeRole', resource, n: between(random, 1, 8) }),
];

/** What may become of a spoke while its incident is worked on. */
const midway = ['spoke-roles-removed', 'spoke-deactivated', 'sessions-expire'] as const;

/** What the hub alone calls: in a spoke it would hit nothing. */
const ofHub = ['PutItem', 'UpdateItem', 'GetItem', 'Query', 'Publish', 'SendTaskSuccess'];
const ofHubByName = ['lambda-refused', 'record-store-throttled', 'notification-fails'];

/** Whether a spoke can be reached: by far most often, or not from the start, or not any more after some call. */
export function troubles(random: Random, commands: readonly string[], isFirst: boolean): Partial<Place> {
  const drawn = random();
  const after = pick(
    random,
    commands.filter((one) => !ofHub.includes(one)),
  );
  const name = pick(random, midway);
  if (!isFirst || drawn >= 0.45) return {};
  if (drawn < 0.08) return { reachable: false };
  if (drawn < 0.16) return { roles: 'missing' };
  return { faults: [{ name, after }] };
}

/** The faults of a drill as they hit a spoke, whose calls are counted by themselves, so crashes come at another one. */
export function spokeFaults(random: Random, faults: readonly Fault[]): Fault[] {
  const crashes = maybe(random, 0.3, () => ({
    name: pick(random, ['crash-before-call', 'crash-after-call'] as const),
    n: between(random, 1, 60),
  }));
  const others = faults.filter(
    ({ name, command }) =>
      !name.startsWith('crash-') && !ofHubByName.includes(name) && !ofHub.includes(String(command ?? '')),
  );
  return [...crashes, ...others];
}
