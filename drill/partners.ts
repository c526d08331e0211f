import type { Command } from 'commander';

const isGiven = (command: Command, name: string) => command.getOptionValueSource(name) === 'cli';

/**
 * Rejects an option that has no effect without another: nothing that was typed is ignored.
 * @param partners by option name (as in commander), the options of which it needs one
 * @throws CommanderError after commander has reported the error on standard error
 */
export function needPartners(command: Command, partners: Readonly<Record<string, readonly string[]>>): void {
  for (const [name, others] of Object.entries(partners)) {
    if (!isGiven(command, name) || others.some((other) => isGiven(command, other))) continue;
    const wanted = others.map((other) => `--${other}`).join(' or ');
    command.error(`error: option '--${name}' has no effect without ${wanted}`);
  }
}

/** Rejects two options that exclude each other. @throws CommanderError, as above */
export function onlyOneOf(command: Command, names: readonly string[]): void {
  const given = names.filter((name) => isGiven(command, name));
  if (given.length > 1)
    command.error(`error: ${given.map((name) => `'--${name}'`).join(' and ')} cannot be used together`);
}
