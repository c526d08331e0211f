import { type Code, codeTable } from '../record/codes';
import { type CommandFacts, commandFor } from '../record/commands';

/** What a person should do at a code: its line of the guide, and the command to copy. */
export interface Advice {
  /** Undefined where the code asks nothing, or where nobody knows it. */
  todo?: string | undefined;
  command: string;
}

/**
 * The advice of the catalogue. Only steps that send every incident's notice load it: patrols know what they found, and
 * would be a third larger.
 */
export function adviceOf(code: Code | undefined, facts: CommandFacts): Advice {
  const todo = code === undefined ? undefined : codeTable().get(code)?.todo;
  return { todo: todo?.startsWith('nothing') ? undefined : todo, command: commandFor(code, facts) };
}
