import type { Command } from 'commander';

const isGiven = (command: Command, name: string) => command.getOptionValueSource(name) === 'cli';

/**
 * Refuses an option that would say nothing without another: what somebody typed is never passed over.
 * @param partners by the name of an option (as commander keeps it), the options one of which it goes with
 * @throws CommanderError after commander has said what is wrong on the standard error
 */
export function needPartners(command: Command, partners: Readonly<Record<string, readonly string[]>>): void {
  for (const [name, others] of Object.entries(partners)) {
    if (!isGiven(command, name) || others.some((other) => isGiven(command, other))) continue;
    const wanted = others.map((other) => `--${other}`).join(' or ');
    command.error(`error: option '--${name}' says nothing without ${wanted}`);
  }
}

/** Refuses two of a set of options of which each says what is to be done. @throws CommanderError, as above */
export function onlyOneOf(command: Command, names: readonly string[]): void {
  const given = names.filter((name) => isGiven(command, name));
  if (given.length > 1) command.error(`error: ${given.map((name) => `'--${name}'`).join(' and ')} do not go together`);
}
