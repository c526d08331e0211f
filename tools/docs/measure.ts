import { loadScenario } from '../../drill/scenario/load';
import { runScenario } from '../../drill/scenario/run';
import type { StackResource } from '../../drill/stack/template';
import { PlaybookError } from '../../functions/shared/errors';
import type { Parts } from './parts';
import { assumedSeconds, prices } from './prices';

/** The drill behind a page's cost did not run the playbook, or did not go as expected. */
export class MeasureError extends PlaybookError {}

/** What one successful execution took, counted in a drill. */
export interface Measure {
  /** The scenario's name, if it is in the catalogue. */
  scenario?: string;
  outcome: string;
  /** The states that were entered, in order. */
  path: readonly string[];
  transitions: number;
  calls: number;
  /** USD. */
  stepFunctions: number;
  lambda: number;
}

/** Counts the first execution of the playbook in the drill that its page names. @throws MeasureError */
export async function measure(playbook: string, parts: Parts, resources: readonly StackResource[]): Promise<Measure> {
  const isNamed = typeof parts.measure === 'string';
  const scenario = typeof parts.measure === 'string' ? await loadScenario(parts.measure) : parts.measure;
  const result = await runScenario(scenario);
  const execution = result.executions.find(({ machine }) => machine.endsWith(`-${playbook}`));
  if (!execution || !result.ok)
    throw new MeasureError(
      `${scenario.name} ${execution ? `did not go as expected for ${playbook}` : `did not run ${playbook}`}`,
    );
  const { history, id, path, status } = execution;
  const retries = history.filter(({ type }) => type === 'StateRetried').length;
  const calls = history.flatMap((event) =>
    'state' in event && event.stateType === 'Task' && ['StateEntered', 'StateRetried'].includes(event.type)
      ? [event.state]
      : [],
  );
  const transitions = path.length + retries;
  const record = result.incidents.find(({ executionId }) => executionId === id);
  return {
    ...(isNamed ? { scenario: scenario.name } : {}),
    outcome: record?.outcome ?? status,
    path,
    transitions,
    calls: calls.length,
    stepFunctions: transitions * prices.transition,
    lambda: calls.length * (prices.lambdaRequest + usualGb(resources) * assumedSeconds * prices.lambdaGbSecond),
  };
}

/** Most functions have the same memory size, the smallest one. */
function usualGb(resources: readonly StackResource[]): number {
  const sizes = resources
    .filter(({ type }) => type === 'AWS::Lambda::Function')
    .map(({ properties }) => Number(properties.MemorySize));
  return Math.min(...sizes) / 1024;
}
