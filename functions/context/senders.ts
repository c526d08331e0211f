import type { Change } from './change';

/** Where a command of Systems Manager is said to come from, until CloudTrail says who sent it. */
export const commandSource = 'ssm.amazonaws.com';

/** A command and CloudTrail's event of it are one change: within these milliseconds. */
const sameMs = 10_000;

/** Joins each command with the event that says who sent it. Pure. */
export function withSenders(changes: readonly Change[]): Change[] {
  const isCommand = ({ from, what }: Change) => from === commandSource && what === 'SendCommand';
  const commands = changes.filter(isCommand);
  const events = changes.filter((one) => one.what === 'SendCommand' && !isCommand(one));
  const eventOf = (command: Change) =>
    events.find(({ at }) => Math.abs(Date.parse(at) - Date.parse(command.at)) <= sameMs);
  const joined = new Set(commands.flatMap((command) => eventOf(command)?.id ?? []));
  return changes
    .filter(({ id }) => !joined.has(id))
    .map((one) => {
      const event = isCommand(one) ? eventOf(one) : undefined;
      return event ? { ...one, who: event.who, from: event.from } : one;
    });
}
