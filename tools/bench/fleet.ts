import { Command, InvalidArgumentError } from 'commander';
import { endingWithTwo } from '../../drill/command-line';
import { stopRecordStore } from '../../drill/stack/record-store';
import { type Fleet, runFleet } from './fleet-run';
import { showFleet } from './show-fleet';

const count = (least: number, most: number) => (text: string) => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`);
  return value;
};

void endingWithTwo(new Command('bench:fleet'))
  .description(
    'Lets a fleet run through the packaged stack against the simulated cloud: enrolled, patrolled, and a storm while a few incidents are handled. Prints calls against quotas, transitions, memory and time; takes minutes. Exits with 1 when an incident was not handled within half an hour, or when a call was refused for its rate.',
  )
  .option('--instances <count>', 'opted-in instances', count(20, 50_000), 10_000)
  .option('--patrolled <count>', 'how many of them are patrolled: a third of a second each', count(1, 50_000), 200)
  .option('--storm <count>', 'how many of them raise an alarm within a minute', count(0, 25_000), 5_000)
  .option('--accounts <count>', 'accounts that they are in; the storm is in the last one', count(1, 100), 20)
  .action(async (fleet: Fleet) => {
    if (fleet.accounts > 1 && fleet.storm + fleet.patrolled + 3 > fleet.instances)
      throw new InvalidArgumentError('Besides the storm there are those that are patrolled, and three incidents.');
    if (fleet.storm > fleet.instances / 2) throw new InvalidArgumentError('A storm is half of the fleet at most.');
    if (fleet.patrolled > fleet.instances) throw new InvalidArgumentError('No more are patrolled than there are.');
    process.exitCode = showFleet(await runFleet(fleet)) ? 0 : 1;
    await stopRecordStore();
  })
  .parseAsync();
