import { checkMove, type Modes, type ReleaseClients } from './check';
import { moveLine } from './lines';
import { moveAliases } from './move';
import { type Aim, type Move, planMoves } from './plan';
import { type Playbook, ReleaseError } from './read';

interface Deps {
  clients: ReleaseClients;
  /** Whether a machine that changed nothing may become one that acts. */
  yes?: boolean | undefined;
  say: (line: string) => void;
}

/**
 * Moves the aliases of these machines. All are checked before the first is moved.
 * @throws ReleaseError when nothing was moved; StageCallError, which says what had been moved
 */
export async function release(releases: readonly Playbook[], aim: Aim, { clients, yes, say }: Deps): Promise<void> {
  const moves = planMoves(releases, aim);
  if (moves.length === 0) say('Every alias is there already: nothing was moved.');
  const modes = new Map<Move, Modes>();
  for (const move of moves) modes.set(move, await checkMove(move, clients));
  const awake = moves.filter((move) => modes.get(move)!.after === 'act' && modes.get(move)!.before !== 'act');
  if (awake.length > 0 && !yes)
    throw new ReleaseError(
      `This would make changes where none were made: ${awake.map((move) => moveLine(move, modes.get(move)!)).join('; ')}. Nothing was moved; pass --yes if you mean it.`,
    );
  await moveAliases(moves, clients.sfn, (move) => say(`Moved ${moveLine(move, modes.get(move)!)}`));
}
