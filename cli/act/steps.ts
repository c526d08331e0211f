import { type Answer, fail, notAsked, ok } from '../doctor/line';
import type { ActRun } from './frame';
import { blockedCidr, blockMinutes } from './names';
import { type Played, play } from './play';

/** What earlier steps have found out. */
export interface Sofar {
  instanceId: string;
  isolatedBy?: string | undefined;
}

/** One playbook on the throwaway instance. */
export interface ActStep {
  id: string;
  what: string;
  act: (run: ActRun, sofar: Sofar) => Promise<Answer>;
}

const ended = ({ word, why }: Played, wanted: string, todo: string): Answer =>
  word === wanted ? ok(`${word}: ${why}`) : fail(`${word} in place of ${wanted}: ${why}`, todo);
const look = 'Read the incident in its notice; docs/codes.md says what to do, by code.';

/** In this order: what is isolated cannot be scanned. */
export const actSteps: readonly ActStep[] = [
  {
    id: 'act-scan',
    what: 'patch-instance scans it',
    act: async (run, { instanceId }) => {
      const played = await play(run, 'patch-instance', { instanceId, operation: 'scan' });
      if (played.word === 'UNMANAGED')
        return fail(
          `UNMANAGED: ${played.why}`,
          'Systems Manager does not reach it: pass --profile with AmazonSSMManagedInstanceCore, and a --subnet with a way to its endpoints.',
        );
      return ended(played, 'SCANNED', look);
    },
  },
  {
    id: 'act-restart',
    what: 'restart-instance stops and starts it',
    act: async (run, { instanceId }) => ended(await play(run, 'restart-instance', { instanceId }), 'RESOLVED', look),
  },
  {
    id: 'act-isolate',
    what: 'isolate-instance cuts it off',
    act: async (run, sofar) => {
      const played = await play(run, 'isolate-instance', { instanceId: sofar.instanceId });
      if (played.word === 'CONTAINED' || played.word === 'PARTIAL') sofar.isolatedBy = played.incidentId;
      return ended(played, 'CONTAINED', look);
    },
  },
  {
    id: 'act-release',
    what: 'release-instance restores it',
    act: async (run, { isolatedBy }) => {
      if (isolatedBy === undefined)
        return notAsked('nothing was isolated', 'Fix the isolation first, then run it again.');
      return ended(await play(run, 'release-instance', { isolatedBy }), 'RELEASED', look);
    },
  },
  {
    id: 'act-block',
    what: `block-traffic denies ${blockedCidr} for a minute`,
    act: async (run) => {
      run.ledger.note('block', blockedCidr);
      return ended(await play(run, 'block-traffic', { cidr: blockedCidr, minutes: blockMinutes }), 'BLOCKED', look);
    },
  },
];
