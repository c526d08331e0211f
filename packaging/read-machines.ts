import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Assembled, assembleMachine } from './frame';

const ending = '.asl.yml';

/** Names of the machines of a project, each a file in statemachines/. */
export function machineNames(root: string): string[] {
  return readdirSync(join(root, 'statemachines'))
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length))
    .sort();
}

/**
 * The machines of a project by name, whole: as they are packaged, but for what CloudFormation and the stage put in.
 * `!GetAtt` and `!Ref` are read as their text, `${param:…}` is left as it is.
 * @throws FrameError naming machine and state
 */
export function readMachines(root: string): Map<string, Assembled> {
  const customTags = ['!GetAtt', '!Ref'].map((tag) => ({ tag, resolve: (text: string) => text }));
  const read = (file: string) =>
    parse(readFileSync(join(root, 'statemachines', file), 'utf8'), { customTags, merge: true }) as unknown;
  const frame = read('frame.yml');
  return new Map(machineNames(root).map((name) => [name, assembleMachine(read(`${name}${ending}`), frame, name)]));
}
