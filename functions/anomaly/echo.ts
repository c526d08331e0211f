/** Points over which the memory of a large score fades to 1/e of it: half a day of 5-minute points. */
export const ECHO_POINTS = 144;

/**
 * Where alerts begin: what a stream of states is worth telling. A state is high as long as the trouble lasts; one trouble
 * is told once, and again only if it becomes larger than the fading memory of what was told.
 * @returns the score where an alert begins, else 0; unknown stays unknown
 */
export function alertsOf(scores: Float64Array, threshold: number): Float64Array {
  return foldEchoes(scores, ECHO_POINTS).map((score) => (score < threshold ? 0 : score));
}

/**
 * Folds what follows a large score into it: a score counts only above the fading memory of those before it, else it is 0.
 * One trouble gives one alert, however long it stays as large, and its end is no second one. Unknown scores stay unknown.
 */
export function foldEchoes(scores: Float64Array, points: number): Float64Array {
  const fade = Math.exp(-1 / points);
  let memory = 0;
  return scores.map((score) => {
    const isEcho = score <= memory;
    // What goes on is remembered as it is now: fading alone would tell an unchanged score again at every point.
    memory = Math.max(memory * fade, Number.isNaN(score) ? 0 : score);
    return isEcho ? 0 : score;
  });
}
