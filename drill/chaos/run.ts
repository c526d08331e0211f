import type { DrillResult } from '../scenario/result';
import { runScenario } from '../scenario/run';
import { adversaryOf, unleash } from './adversary';
import { drawScenario } from './draw';
import { endedByPassing } from './passing';

/** What came of one random drill. */
export interface ChaosOutcome {
  seed: number;
  story: string;
  outcomes: string[];
  violations: string[];
}

/** Runs the random drill of a seed and checks it against the invariants. An error of the drill itself counts as broken too. */
export async function runSeed(seed: number): Promise<ChaosOutcome> {
  const scenario = drawScenario(seed);
  const adversary = adversaryOf(seed);
  try {
    const result = await runScenario(scenario, { onUp: (stack) => unleash(adversary, stack, seed) });
    return {
      seed,
      story: scenario.story,
      outcomes: outcomesOf(result),
      violations: [
        ...result.violations.map(({ invariant, what }) => `${invariant}: ${what}`),
        ...endedByPassing(scenario.faults, result),
      ],
    };
  } catch (error) {
    return { seed, story: scenario.story, outcomes: [], violations: [`the drill broke: ${(error as Error).message}`] };
  }
}

const outcomesOf = ({ incidents }: DrillResult) =>
  incidents.map(({ outcome, code }) => `${outcome ?? 'OPEN'} (${code ?? 'none'})`);

/** How often each outcome came about, most often first. */
export function tally(outcomes: readonly ChaosOutcome[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const outcome of outcomes.flatMap((one) => one.outcomes)) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}
