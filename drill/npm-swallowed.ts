import type { Command } from 'commander';

/** Options that npm has too: a reader may have set them for npm, so that they are only pointed out. */
const npmOwn = ['json', 'yes', 'all', 'long', 'verbose'];

/**
 * Refuses options that npm kept for itself because `--` was forgotten (`npm run drill --metrics cpu.csv`): the script
 * would run without them. npm hands such options to scripts as `npm_config_…`.
 * @throws CommanderError after commander has said what to write
 */
export function refuseSwallowed(command: Command, environment: NodeJS.ProcessEnv = process.env): void {
  if (environment.npm_lifecycle_event !== command.name()) return;
  const isSwallowed = (name: string) => {
    const value = environment[`npm_config_${name.replaceAll('-', '_')}`];
    return value !== undefined && value !== '' && command.getOptionValueSource(name) !== 'cli';
  };
  const names = command.options.map(({ long = '' }) => long.replace(/^--/, ''));
  const swallowed = names.filter(isSwallowed);
  const [first] = swallowed.filter((name) => !npmOwn.includes(name));
  const hint = (name: string) => `write -- before the options: npm run ${command.name()} -- --${name} …`;
  if (first !== undefined) command.error(`error: npm kept '--${first}' for itself; ${hint(first)}`);
  const [own] = swallowed.filter((name) => name === 'all');
  if (own !== undefined)
    process.stderr.write(`Note: npm kept '--${own}' for itself. If it was meant for this command, ${hint(own)}\n`);
}
