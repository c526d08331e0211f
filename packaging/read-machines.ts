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

/**
 * A project's complete machines by name, as packaged, except for values from CloudFormation and the stage:
 * `!GetAtt` and `!Ref` are read as text, `${param:…}` stays unresolved.
 * @throws FrameError naming machine and state
 */
export function readMachines(root: string): Map<string, Assembled> {
  const customTags = ['!GetAtt', '!Ref'].map((tag) => ({ tag, resolve: (text: string) => text }));
  const read = (file: string) =>
    parse(readFileSync(join(root, 'statemachines', file), 'utf8'), { customTags, merge: true }) as unknown;
  const frame = read('frame.yml');
  return new Map(machineNames(root).map((name) => [name, assembleMachine(read(`${name}${ending}`), frame, name)]));
}
