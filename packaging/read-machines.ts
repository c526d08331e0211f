import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Assembled, assembleMachine } from './frame';

const ending = '.asl.yml';

/** The names of a project's machines, one per file in statemachines/. */
export function machineNames(root: string): string[] {
  return readdirSync(join(root, 'statemachines'))
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length))
    .sort();
}

const customTags = ['!GetAtt', '!Ref'].map((tag) => ({ tag, resolve: (text: string) => text }));

const read = (root: string, file: string): unknown =>
  parse(readFileSync(join(root, 'statemachines', file), 'utf8'), { customTags, merge: true });

/**
 * A project's complete machines by name, as packaged, except for values from CloudFormation and the stage:
 * `!GetAtt` and `!Ref` are read as text, `${param:…}` stays unresolved.
 * @param names which of them; otherwise all
 * @throws FrameError naming machine and state
 */
export function readMachines(root: string, names = machineNames(root)): Map<string, Assembled> {
  const frame = read(root, 'frame.yml');
  return new Map(names.map((name) => [name, assembleMachine(read(root, `${name}${ending}`), frame, name)]));
}
