import { readMachines } from '../../packaging/read-machines';
import type { Definition } from './dot';

/** The playbooks' definitions by name, assembled as for packaging. */
export function readDefinitions(root: string): Map<string, Definition> {
  return readMachines(root) as Map<string, unknown> as Map<string, Definition>;
}

/** Finds the definition of a deployed machine, whose name ends with its playbook's (`…-dev-restart-instance`). */
export function definitionFinder(root: string): (machine: string) => Definition | undefined {
  const definitions = readDefinitions(root);
  return (machine) => [...definitions].find(([name]) => machine === name || machine.endsWith(`-${name}`))?.[1];
}
