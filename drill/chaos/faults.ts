import type { ScenarioInput } from '../scenario/schema';
import { between, pick, type Random } from './random';

export type Fault = NonNullable<ScenarioInput['faults']>[number];

/** Calls of a run without faults, about: crashes are drawn from so many boundaries. */
export const boundaries = 120;

/** The faults that may be mixed, each with parameters of its own; `commands` are what the playbook calls. */
export const faults: readonly ((random: Random, commands: readonly string[]) => Fault)[] = [
  (random) => ({ name: 'crash-before-call', n: between(random, 1, boundaries) }),
  (random) => ({ name: 'crash-after-call', n: between(random, 1, boundaries) }),
  (random, commands) => ({
    name: 'late-answer',
    n: between(random, 1, 20),
    command: pick(random, commands),
    seconds: between(random, 10, 70),
  }),
  (random, commands) => ({ name: 'api-throttled', command: pick(random, commands), times: between(random, 1, 30) }),
  (random, commands) => ({
    name: 'api-error',
    command: pick(random, commands),
    times: between(random, 1, 12),
    status: pick(random, [500, 503]),
  }),
  (random, commands) => ({ name: 'answer-lost', command: pick(random, commands), times: between(random, 1, 4) }),
  (random, commands) => ({ name: 'api-denied', command: pick(random, commands) }),
  (random) => ({
    name: 'api-refused',
    command: pick(random, ['StopInstances', 'StartInstances']),
    code: 'IncorrectInstanceState',
    times: between(random, 1, 4),
  }),
  (random) => ({
    name: 'lambda-refused',
    times: between(random, 1, 12),
    error: pick(random, ['Lambda.TooManyRequestsException', 'Lambda.ServiceException', 'Lambda.Unknown']),
  }),
  (random) => ({ name: 'record-store-throttled', times: between(random, 1, 60) }),
  (random) => ({ name: 'notification-fails', times: between(random, 1, 30) }),
  (random) => ({ name: 'stop-hangs', forcedToo: random() < 0.5 }),
  (random) => ({ name: 'stop-slow', seconds: between(random, 60, 1400) }),
  (random) => ({ name: 'insufficient-capacity', times: between(random, 1, 30) }),
  (random) => ({ name: 'zone-down', minutes: between(random, 5, 120) }),
  () => ({ name: 'kms-grant-missing' }),
  () => ({ name: 'status-checks-fail-after-start' }),
  (random) => ({ name: 'stale-describe', reads: between(random, 1, 5) }),
  (random, commands) => ({ name: 'terminated-mid-run', after: pick(random, commands) }),
  (random, commands) => ({ name: 'stopped-by-someone-else', before: pick(random, commands) }),
  (random, commands) => ({ name: 'opt-in-removed', after: pick(random, commands) }),
  (random, commands) => ({ name: 'protected-mid-run', after: pick(random, commands) }),
  () => ({ name: 'alarm-stays-in-alarm' }),
  () => ({ name: 'alarm-goes-insufficient-data' }),
  (random, commands) => ({ name: 'alarm-recovers', [pick(random, ['before', 'after'])]: pick(random, commands) }),
];
