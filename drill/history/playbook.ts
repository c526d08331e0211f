import type { Definition } from '../report/dot';
import { type HistoryEvent, pathOf } from '../stack/history';
import type { AwsEvent } from './read';

/**
 * The playbook of a history: the one whose name ends the machine's name, otherwise the one that begins with its first
 * state. If several begin with it, the one that has most of its states.
 * @returns undefined if it is another machine
 */
export function playbookOf(
  events: readonly AwsEvent[],
  history: readonly HistoryEvent[],
  definitions: ReadonlyMap<string, Definition>,
): string | undefined {
  const machine = machineOf(events);
  const named = [...definitions.keys()].filter((name) => machine === name || machine?.endsWith(`-${name}`));
  if (named.length > 0) return named.sort((a, b) => b.length - a.length)[0];
  const path = pathOf(history);
  const known = (name: string) => path.filter((state) => state in definitions.get(name)!.States).length;
  const begun = [...definitions.keys()].filter((name) => definitions.get(name)!.StartAt === path[0]);
  return begun.sort((a, b) => known(b) - known(a))[0];
}

/** The machine's name, which a history has only if the execution ran a version or an alias. */
export function machineOf([first]: readonly AwsEvent[]): string | undefined {
  const { stateMachineVersionArn, stateMachineAliasArn } = first?.executionStartedEventDetails ?? {};
  return (stateMachineVersionArn ?? stateMachineAliasArn)?.split(':').at(6);
}
