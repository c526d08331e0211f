import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Definition } from './dot';

/** The playbooks' definitions, by name. `!GetAtt` is read as its text: the picture does not need it. */
export function readDefinitions(root: string): Map<string, Definition> {
  const folder = join(root, 'statemachines');
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.asl.yml'))
    .sort();
  const getAtt = { tag: '!GetAtt', resolve: (text: string) => text };
  const read = (file: string) =>
    parse(readFileSync(join(folder, file), 'utf8'), { customTags: [getAtt], merge: true }) as Definition;
  return new Map(files.map((file) => [file.replace('.asl.yml', ''), read(file)]));
}

/** Finds the definition of a deployed machine, whose name ends with its playbook's (`…-dev-restart-instance`). */
export function definitionFinder(root: string): (machine: string) => Definition | undefined {
  const definitions = readDefinitions(root);
  return (machine) => [...definitions].find(([name]) => machine === name || machine.endsWith(`-${name}`))?.[1];
}
