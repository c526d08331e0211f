import { packageStage } from '../packaging/package-stage';
import type { Paint } from '../render/paint';
import { paramsOf } from '../scenario/spoke-params';
import { drawScenario } from './draw';
import { fanOut } from './fan-out';
import { type ChaosOutcome, tally } from './run';

export interface ChaosOptions {
  seed: number;
  runs: number;
  jobs: number;
}

/**
 * Random drills: a line for each that broke an invariant, with its seed, and what came of all of them.
 * @returns the outcomes in the order of their seeds
 */
export async function runChaos(
  { seed, runs, jobs }: ChaosOptions,
  say: (line: string) => void,
  paint: Paint,
): Promise<ChaosOutcome[]> {
  await packageAll(seed, runs);
  say(`${runs} random drills from seed ${seed} on, in ${jobs} processes`);
  let done = 0;
  const outcomes = await fanOut(seed, runs, jobs, ({ seed: own, story, violations }) => {
    done += 1;
    for (const violation of violations) say(paint('red', `seed ${own}: ${violation} (${story})`));
    if (done % 50 === 0) say(paint('dim', `${done} done`));
  });
  for (const [outcome, count] of tally(outcomes)) say(`${String(count).padStart(6)}  ${outcome}`);
  const broken = brokenOf(outcomes).length;
  const verdict =
    broken === 0 ? `✔ No invariant broken in ${runs} drills.` : `✗ ${broken} of ${runs} drills broke an invariant.`;
  say(paint(broken === 0 ? 'green' : 'red', verdict));
  return outcomes;
}

/** Packages the stage for all spokes that are drawn, once, before the processes start: they would all wait for the first one. */
async function packageAll(seed: number, runs: number): Promise<void> {
  const drawn = Array.from({ length: runs }, (_, index) => paramsOf(drawScenario(seed + index)));
  const distinct = new Map(drawn.map((params) => [JSON.stringify(params), params]));
  for (const params of distinct.values()) await packageStage('dev', params ? { params } : {});
}

export const brokenOf = (outcomes: readonly ChaosOutcome[]) =>
  outcomes.filter(({ violations }) => violations.length > 0);
