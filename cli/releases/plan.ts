import { liveWords, type Version } from '../../packaging/released';
import { type Playbook, ReleaseError } from './read';

/** Where an alias goes: a version by its number, the one before what it starts now, or the newest. */
export type Aim = number | 'previous' | 'newest';

/** One alias that is to be moved. */
export interface Move {
  from: Playbook;
  to: Version;
}

/**
 * Which aliases go where; those that are there already are left out. Pure.
 * @throws ReleaseError when a machine has no such version, or when a number could mean a version of several machines
 */
export function planMoves(releases: readonly Playbook[], aim: Aim): Move[] {
  if (typeof aim === 'number' && releases.length > 1)
    throw new ReleaseError(
      `Step Functions counts the versions of each machine for itself, so ${aim} is another release in each: name one with --playbook, or use --to previous or --to newest. Nothing was moved.`,
    );
  return releases.flatMap((from) => {
    const to = aimed(from, aim);
    return from.live.length === 1 && from.live[0]!.number === to.number ? [] : [{ from, to }];
  });
}

function aimed(from: Playbook, aim: Aim): Version {
  const { playbook, versions, live } = from;
  const numbers = versions.map(({ number }) => number).join(', ') || 'none';
  if (versions.length === 0) throw new ReleaseError(`${playbook} has no version. Deploy the stage again.`);
  if (live.length === 0)
    throw new ReleaseError(`${playbook} has no alias "live", so nothing can be moved. Deploy the stage again.`);
  if (aim === 'newest') return versions[0]!;
  if (aim === 'previous') {
    const newestLive = Math.max(...live.map(({ number }) => number));
    const before = versions.find(({ number }) => number < newestLive);
    if (before) return before;
    throw new ReleaseError(`${playbook} has no version before ${liveWords(from)}: ${numbers}. Nothing was moved.`);
  }
  const found = versions.find(({ number }) => number === aim);
  if (found) return found;
  throw new ReleaseError(`${playbook} has no version ${aim}: ${numbers}. Nothing was moved.`);
}
