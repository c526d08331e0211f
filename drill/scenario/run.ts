import type { AlarmSeries } from '../../functions/review/replay';
import { PlaybookError } from '../../functions/shared/errors';
import { factsOf } from '../check/from-run';
import { checkInvariants } from '../check/invariants';
import type { BundledCode } from '../stack/bundles';
import { type HistoryEvent, pathOf } from '../stack/history';
import type { Execution } from '../stack/machine-runner';
import { bringUp, type Stack } from '../stack/stack';
import type { StackResource, Template } from '../stack/template';
import { answerQuestions } from './answers';
import { checkResult } from './check';
import { applyAccount } from './environment';
import { incidentsOf, readItems } from './incidents';
import { watchedMetrics } from './metrics';
import { proofsOf } from './proof';
import type { AlarmTransition, DrillResult, FinalInstance } from './result';
import { alarmSeriesOf, noteFired, reviewOfDrill } from './review';
import type { Scenario } from './schema';
import { paramsOf } from './spoke-params';
import { start, startLater } from './starts';

/** The simulated cloud does not support a call, so the drill proves nothing about the playbook. */
export class DrillBrokenError extends PlaybookError {}

export interface RunOptions {
  /** Simulated seconds per real second; by default as fast as possible. */
  speed?: number;
  /** The region that the stack stands in, and is packaged for; by default the one of all drills. */
  region?: string;
  /** The template to run; by default the scenario's stage is packaged. */
  template?: Template;
  /** Values of the template's parameters; those without one take their default. */
  parameters?: Record<string, string>;
  /** The functions' code as it was packaged; by default it is loaded from source. */
  code?: BundledCode;
  /** Whether the template's schedules run; by default they do, except in a drill of days of data. */
  schedules?: boolean;
  /** Sends the calls of the tables over a socket, as AWS gets them, instead of answering them in this process. */
  overTheWire?: boolean;
  /** Called if the stage must be packaged first, which takes some seconds. */
  onPackaging?: () => void;
  /** Called when the stack is up, before anything happens. */
  onUp?: (stack: Stack) => void;
  /** Called for every event of every execution. */
  onEvent?: (execution: Execution, event: HistoryEvent) => void;
}

const launched = (fleet: Scenario['fleet']) =>
  fleet.flatMap(({ count, ...spec }) => Array.from({ length: count }, () => spec));

function deliveryOf({ delivery: { downMinutes, ...delivery } }: Scenario) {
  return { ...delivery, ...(downMinutes && { downMs: downMinutes.map((one) => one * 60_000) as [number, number] }) };
}

/** Longer than any machine may run: an execution that has not ended by then never does. */
const executionCeilingMs = 5 * 3_600_000;

/**
 * Runs a scenario on the packaged stack until every execution has ended, and compares the result with its expectations.
 * @throws PackagingError, TemplateError, DrillBrokenError … if the drill itself cannot be run; a failed playbook is not an
 *   error here
 */
export async function runScenario(scenario: Scenario, options: RunOptions = {}): Promise<DrillResult> {
  const stack = await bringUp({
    ...scenario,
    start: new Date(scenario.start),
    fleet: launched(scenario.fleet),
    places: scenario.places.map((place) => ({ ...place, fleet: launched(place.fleet) })),
    params: paramsOf(scenario),
    delivery: deliveryOf(scenario),
    variables: { MODE: scenario.mode, ...scenario.variables },
    logGroups: scenario.account.logGroups.map(({ name }) => name),
    ...options,
  });
  try {
    const alarms = noteTransitions(stack);
    const fired = scenario.review ? noteFired(stack) : [];
    defineSeries(scenario, stack);
    applyAccount(scenario, stack);
    options.onUp?.(stack);
    start(scenario, stack);
    startLater(scenario, stack);
    answerQuestions(scenario, stack);
    const startedAt = stack.time.now();
    await runUntilOver(scenario, stack);
    refuseUnmodelled(stack);
    const endedAt = stack.time.now();
    const metrics = watchedMetrics(stack, alarms, { from: startedAt - 3_600_000, to: endedAt });
    const series = alarmSeriesOf(fired, { from: startedAt, to: endedAt });
    stack.end();
    return await resultOf(scenario, stack, { startedAt, endedAt, alarms, metrics }, series);
  } finally {
    stack.end();
  }
}

async function runUntilOver(
  { lastsMinutes, givesUpAfterMinutes }: Scenario,
  { time, machines, bus }: Stack,
): Promise<void> {
  const begin = time.now();
  const isOver = () => {
    const passed = time.now() - begin;
    if (passed > givesUpAfterMinutes * 60_000 + executionCeilingMs) return true;
    const { executions } = machines;
    const isQuiet = bus.idle && executions.every(({ status }) => status !== 'RUNNING');
    const wasEnough = executions.length > 0 ? passed >= lastsMinutes * 60_000 : passed >= givesUpAfterMinutes * 60_000;
    return isQuiet && wasEnough;
  };
  // A drill of months does not hang: the limit is above the duration of this one.
  await time.runUntil(isOver, givesUpAfterMinutes * 60_000 + 2 * executionCeilingMs);
}

/** A step may have caught the simulated cloud's own error, so the outcome would look like the playbook's. */
function refuseUnmodelled({ cloud }: Stack): void {
  const unmodelled = cloud.ledger.entries.find(({ errorName }) => errorName?.startsWith('Unmodelled'));
  if (!unmodelled) return;
  const { service, command, caller } = unmodelled;
  const where = caller ? ` ("${caller.stateName}" asked)` : '';
  throw new DrillBrokenError(`The simulated cloud does not support this use of ${service}:${command}${where}.`);
}

function noteTransitions({ cloud, time }: Stack): AlarmTransition[] {
  const transitions: AlarmTransition[] = [];
  cloud.cloudWatch.alarms.onTransition(({ name, state }) => {
    transitions.push({ alarmName: name, state: state.value, at: time.now(), reason: state.reason });
  });
  return transitions;
}

/** Sets metrics to the scenario's values, from the drill's start. */
function defineSeries(scenario: Scenario, { cloud, instanceIds }: Stack): void {
  const begin = Date.parse(scenario.start);
  for (const { instance, namespace, metricName, dimensions: others, values } of scenario.series) {
    const dimensions = { InstanceId: instanceIds[instance] ?? '', ...others };
    const value = (at: number) => values.findLast(([minute]) => begin + minute * 60_000 <= at)?.[1] ?? null;
    cloud.cloudWatch.series({ namespace, metricName, dimensions }, { value });
  }
}

type Observations = Pick<DrillResult, 'startedAt' | 'endedAt' | 'alarms' | 'metrics'>;

async function resultOf(
  scenario: Scenario,
  stack: Stack,
  observations: Observations,
  series: readonly AlarmSeries[],
): Promise<DrillResult> {
  const { name, story, seed, stage, mode, playbook } = scenario;
  const tables = stack.resources.filter(({ type }: StackResource) => type === 'AWS::DynamoDB::Table');
  const items = await readItems(tables, stack.dynamoDb);
  const window = { stage, from: observations.startedAt, to: observations.endedAt };
  const review = scenario.review ? reviewOfDrill(items, series, window) : undefined;
  const observed = {
    scenario: { name, story, seed, stage, mode, playbook },
    ...observations,
    ...(review ? { review, proofs: proofsOf(review, series) } : {}),
    executions: stack.machines.executions.map(({ ended: _ended, ...rest }) => ({
      ...rest,
      path: pathOf(rest.history),
    })),
    events: stack.bus.published,
    deliveries: stack.bus.delivered,
    deadLetters: stack.bus.deadLetters,
    instances: instancesOf(stack),
    places: stack.places.map((place) => ({
      account: place.account,
      region: place.region,
      instances: instancesOf(place),
    })),
    ledger: [...stack.cloud.ledger.entries],
    incidents: incidentsOf(items),
    items,
    notices: stack.cloud.sns.messages.map(({ at, topicArn, subject, message }) => ({ at, topicArn, subject, message })),
    logs: [...stack.logs],
  };
  const violations = checkInvariants(factsOf(observed, stack, scenario.planted));
  const checks = checkResult(scenario.expect, { ...observed, violations });
  return { ...observed, violations, checks, ok: checks.every(({ ok }) => ok) };
}

function instancesOf({ cloud, instanceIds }: Pick<Stack, 'cloud' | 'instanceIds'>): FinalInstance[] {
  return instanceIds.flatMap((instanceId) => {
    const instance = cloud.ec2.find(instanceId);
    if (!instance) return [];
    const { state, tags, history } = instance;
    return [{ instanceId, state, tags: Object.fromEntries(tags), states: [...history] }];
  });
}
