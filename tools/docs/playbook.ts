import { join } from 'node:path';
import { packageStage } from '../../drill/packaging/package-stage';
import { readDefinitions } from '../../drill/report/definitions';
import { loadScenario, scenarioNames } from '../../drill/scenario/load';
import type { Scenario } from '../../drill/scenario/schema';
import { account, region } from '../../drill/stack/place';
import { resolveTemplate } from '../../drill/stack/resolve';
import type { StackResource } from '../../drill/stack/template';
import { type Measure, measure } from './measure';
import { type Parts, readParts } from './parts';
import { type Machine, readMachine } from './states';

/** Everything a playbook's page is generated from. */
export interface Playbook {
  name: string;
  machine: Machine;
  machineResource: StackResource;
  resources: readonly StackResource[];
  scenarios: readonly Scenario[];
  parts: Parts;
  measured: Measure;
}

const machineType = 'AWS::StepFunctions::StateMachine';

/** Reads every machine of the dev stage with its resources and scenarios, and runs the drill that its cost is counted on. */
export async function readPlaybooks(root: string): Promise<Playbook[]> {
  const place = { account, region, stackName: 'incident-playbooks-dev' };
  const resources = [...resolveTemplate(await packageStage('dev'), place).values()];
  const scenarios = await Promise.all((await scenarioNames()).map(loadScenario));
  const found: Playbook[] = [];
  // One drill at a time: clock and environment belong to the process.
  for (const [name, definition] of readDefinitions(root)) {
    const machineResource = resources.find(({ type, arn }) => type === machineType && arn.endsWith(`-${name}`));
    if (!machineResource)
      throw new Error(`${join('statemachines', name)}.asl.yml is not in statemachines/machines.yml`);
    const parts = readParts(root, name);
    found.push({
      name,
      machine: readMachine(definition),
      machineResource,
      resources,
      scenarios: scenarios.filter((scenario) => runs(scenario, name)),
      parts,
      measured: await measure(name, parts, resources),
    });
  }
  return found;
}

const runs = ({ playbook, follows }: Scenario, name: string) =>
  playbook === name || follows.some((one) => one.playbook === name);
