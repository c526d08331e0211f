import { pause } from '../shared/clock';
import type { StepTools } from '../shared/step';
import { byInstance } from './agent-metric';
import { listAgentMetrics } from './agent-metrics';
import { applyChanges } from './apply';
import { describeNamed, describeStagePage, namesACall, pageEveryMs } from './describe-alarms';
import { type Desired, type DesiredAlarm, desiredAlarms } from './desired';
import { diffAlarms, isStray } from './diff';
import { describeFleet } from './fleet';
import type { Position, Round } from './rounds';
import { readThresholds } from './settings';

const longestWaitMs = 30_000;
/** How long after the listing alarms may still be deleted: a hundred of them are one call. */
const removalMs = 45_000;
/** The number of problems that are kept; the rest is counted. */
const namedProblems = 20;

/** What one invocation did in a place. */
export interface Compared {
  round: Round;
  put: number;
  removed: number;
  /** Changes that are known, and not made; what is not compared yet is not in it. */
  left: number;
}

interface Enrolled extends Desired {
  instanceId: string;
}

/**
 * Compares the alarms of a place with those that its instances should have, and repairs them, from where the last
 * comparison stopped and as far as it comes. Each of its changes is safe to repeat.
 * @param until nothing more is read after this time
 */
export async function comparePlace(known: Round | undefined, until: Date, tools: StepTools): Promise<Compared> {
  const { clock, config } = tools;
  const fleet = await enrolledFleet(config);
  const alarms = fleet.flatMap((one) => one.alarms);
  const isNew = known?.position === undefined;
  const kept = { problems: isNew ? [] : known.problems, count: isNew ? 0 : known.problemCount };
  const problems = isNew ? fleet.flatMap((one) => one.problems) : [];
  const done = { put: 0, removed: 0, left: 0 };
  let position: Position | undefined = known?.position ?? { pass: 'instances', prefixes: 0 };
  if (position.pass === 'instances') {
    const found = await compareInstances(fleet, position, until, tools, done);
    position = found.position;
    problems.push(...found.problems);
  }
  if (position.pass === 'alarms') position = await removeStrays(alarms, position, until, tools, done);
  const round = {
    ...(position ? { position } : {}),
    ...(position ? (known?.doneAt ? { doneAt: known.doneAt } : {}) : { doneAt: clock.now().toISOString() }),
    instances: fleet.filter((one) => one.alarms.length > 0).length,
    alarms: alarms.length,
    problems: [...kept.problems, ...problems].slice(0, namedProblems),
    problemCount: kept.count + problems.length,
  };
  return { round, ...done };
}

/** The opted-in instances of the place in the order of their IDs, with the alarms that they should have. */
async function enrolledFleet(config: StepTools['config']): Promise<Enrolled[]> {
  const thresholds = readThresholds();
  const metrics = byInstance(await listAgentMetrics());
  return (await describeFleet(config))
    .map((one) => ({
      instanceId: one.instanceId,
      ...desiredAlarms(one, thresholds, config, metrics.get(one.instanceId)),
    }))
    .sort((a, b) => (a.instanceId < b.instanceId ? -1 : 1));
}

type Done = Omit<Compared, 'round'>;

/** Creates and corrects alarms, some instances at a time. @returns the next position, which is that of the other pass at the end */
async function compareInstances(
  fleet: readonly Enrolled[],
  { after = '' }: Position,
  until: Date,
  tools: StepTools,
  done: Done,
): Promise<{ position: Position; problems: string[] }> {
  const problems: string[] = [];
  let last = after;
  for (const some of groupsOf(fleet.filter(({ instanceId }) => instanceId > after))) {
    const at = (): Position => ({ pass: 'instances', ...(last ? { after: last } : {}), prefixes: 0 });
    if (tools.clock.now() >= until) return { position: at(), problems };
    const desired = some.flatMap(({ alarms }) => alarms);
    const changes = diffAlarms(desired, await describeNamed(desired.map(({ name }) => name)));
    const applied = await applyChanges(changes, tools, until, longestWaitMs);
    done.put += applied.put;
    done.left += applied.left;
    if (applied.left > 0) return { position: at(), problems };
    problems.push(...changes.problems);
    last = some.at(-1)!.instanceId;
    await pause(pageEveryMs);
  }
  return { position: { pass: 'alarms', prefixes: 0 }, problems };
}

/** Instances whose alarms one call describes; an instance with more of them is alone. */
function groupsOf(fleet: readonly Enrolled[]): Enrolled[][] {
  const groups: Enrolled[][] = [];
  let names = Number.POSITIVE_INFINITY;
  for (const one of fleet.filter(({ alarms }) => alarms.length > 0)) {
    names += one.alarms.length;
    if (names > namesACall) {
      groups.push([]);
      names = one.alarms.length;
    }
    groups.at(-1)!.push(one);
  }
  return groups;
}

/** Removes alarms of enrolment that no instance should have. @returns where to go on; undefined at the end */
async function removeStrays(
  desired: readonly DesiredAlarm[],
  start: Position,
  until: Date,
  tools: StepTools,
  done: Done,
): Promise<Position | undefined> {
  const wanted = new Set(desired.map(({ name }) => name));
  const remove: string[] = [];
  let at: Position | undefined = start;
  while (at && tools.clock.now() < until) {
    const page = await describeStagePage(tools.config.STAGE, at);
    remove.push(...page.alarms.filter((alarm) => isStray(alarm, wanted)).map(({ AlarmName = '' }) => AlarmName));
    at = page.next && { pass: 'alarms', ...page.next };
    if (at) await pause(pageEveryMs);
  }
  const latest = new Date(until.getTime() + removalMs);
  const applied = await applyChanges({ put: [], remove }, tools, latest, longestWaitMs);
  done.removed += applied.removed;
  done.left += applied.left;
  // What could not be deleted is found again.
  return applied.left > 0 ? start : at;
}
