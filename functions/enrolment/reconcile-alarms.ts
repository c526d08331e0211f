import { type Place, placesOf, scopeOf } from '../place/place';
import { emit } from '../record/metrics/emit';
import type { Config } from '../shared/config';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { compareDue, isDue, type RunFacts } from './due-places';
import { isHeld, placeName, readRounds } from './rounds';
import { judgeRun, noticeOf, type Round, runSchema } from './run';

const input = z.object({
  executionId: z.string(),
  state: z.object({ run: z.optional(runSchema), report: z.optional(z.boolean()) }),
  ceilingSeconds: z.number(),
});

/** The time of one invocation; the machine repeats it until nothing is left. */
const budgetMs = 180_000;

/**
 * Compares the alarms of the stage's places with those that their instances should have, and repairs what it can in its
 * time. How far it came in each place is in the table, so the next invocation goes on there, whichever run it is of.
 */
export const handler = step('reconcile-alarms', input, async ({ executionId, state, ceilingSeconds }, tools) => {
  const { clock, config } = tools;
  const startedAt = clock.now();
  const before = state.run;
  const run = { executionId, since: before?.since ?? startedAt.toISOString(), unreachable: before?.unreachable ?? [] };
  const places = placesOf(scopeOf(config));
  const until = new Date(startedAt.getTime() + budgetMs);
  const { failures, ...applied } = await compareDue(places, run, until, tools);
  const failed = [...failures].map(
    ([name, error]) => `${name.replace('#', ' in ')} could not be compared: ${whyOf(error)}`,
  );
  const unreachable = [...run.unreachable, ...failures.keys()];
  const report = state.report ?? true;
  const seen = await roundOf(places, { ...run, unreachable }, report, tools.clock.now(), config);
  const unread = [...(before?.unread ?? []), ...failed];
  const judged = judgeRun({ ...seen, applied, unreachable, unread }, before, startedAt, clock.now(), ceilingSeconds);
  emit(
    [
      ...(judged.verdict === 'MORE' ? [] : [{ name: 'EnrolledInstances' as const, value: judged.instances }]),
      { name: 'AlarmsRepaired', value: applied.put + applied.removed },
    ],
    config.STAGE,
  );
  const notice = noticeOf(judged, report, config.STAGE);
  return { ...judged, ...(notice ? { notice } : {}) };
});

const whyOf = (error: unknown) =>
  (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, 200);

/** What is known of all places now. A run that reports waits for those that another run compares; others leave them to it. */
async function roundOf(
  places: readonly Place[],
  run: RunFacts,
  report: boolean,
  now: Date,
  config: Config,
): Promise<Pick<Round, 'instances' | 'alarms' | 'problems' | 'problemCount' | 'unfinished' | 'isHeldUp'>> {
  const known = await readRounds(config);
  const rounds = places.flatMap((place) => known.get(placeName(place))?.round ?? []);
  const due = places.filter((place) => isDue(place, known, run));
  const free = due.filter((place) => !isHeld(known.get(placeName(place)), run.executionId, now));
  const sum = (of: 'instances' | 'alarms' | 'problemCount') => rounds.reduce((total, one) => total + one[of], 0);
  return {
    instances: sum('instances'),
    alarms: sum('alarms'),
    problems: rounds.flatMap((one) => one.problems),
    problemCount: sum('problemCount'),
    unfinished: (report ? due : free).length,
    isHeldUp: free.length === 0,
  };
}
