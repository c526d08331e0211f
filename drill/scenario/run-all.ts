import type { Paint } from '../render/paint';
import { loadScenario, scenarioNames } from './load';
import type { DrillResult } from './result';
import { runScenario } from './run';

/** Runs every scenario of the catalogue as fast as it goes, with a line for each as it ends. */
export async function runAll(say: (line: string) => void, paint: Paint): Promise<DrillResult[]> {
  const results: DrillResult[] = [];
  for (const name of await scenarioNames()) {
    const result = await runScenario(await loadScenario(name));
    results.push(result);
    const ends =
      [...new Set(result.incidents.map(({ outcome, status }) => outcome ?? status))].join(', ') || 'no incident';
    say(`${paint(result.ok ? 'green' : 'red', result.ok ? '✔' : '✗')} ${name.padEnd(28)} ${ends}`);
    for (const { what, expected, actual } of result.checks.filter(({ ok }) => !ok))
      say(`    ${what}: expected ${expected}, got ${actual}`);
  }
  const failed = results.filter(({ ok }) => !ok).length;
  say(paint(failed === 0 ? 'green' : 'red', `${results.length - failed} of ${results.length} scenarios as expected.`));
  return results;
}
