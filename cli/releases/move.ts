import { type SFNClient, UpdateStateMachineAliasCommand } from '@aws-sdk/client-sfn';
import { aliasName } from '../../packaging/publish-machines';
import { askStage } from '../ask-stage';
import type { Move } from './plan';

/**
 * Moves aliases, one after the other, and says each. UpdateStateMachineAlias is eventually consistent: an alarm of the next
 * seconds may still start the version of before. Source: Step Functions API reference.
 * @throws StageCallError at the first that AWS refuses, saying which ones had been moved before it
 */
export async function moveAliases(moves: readonly Move[], sfn: SFNClient, moved: (move: Move) => void): Promise<void> {
  const done: string[] = [];
  for (const move of moves) {
    const { from, to } = move;
    const before = done.length > 0 ? ` (moved before it: ${done.join(', ')})` : '';
    const input = {
      stateMachineAliasArn: `${from.machineArn}:${aliasName}`,
      routingConfiguration: [{ stateMachineVersionArn: to.arn, weight: 100 }],
    };
    await askStage(`${from.playbook} was not moved to version ${to.number}${before}`, () =>
      sfn.send(new UpdateStateMachineAliasCommand(input)),
    );
    done.push(from.playbook);
    moved(move);
  }
}
