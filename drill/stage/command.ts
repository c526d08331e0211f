import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { consoleLink } from '../../functions/notice/notice';
import type { Progress } from '../live/progress';
import type { Paint } from '../render/paint';
import { shown } from '../render/shown';
import { reportOnHistory, statusOf } from '../replay/to-report';
import { projectRoot } from '../report/command';
import { readDefinitions } from '../report/definitions';
import { endOf } from '../report/end';
import type { ReportFormat } from '../report/formats';
import { writeReports } from '../report/write';
import type { Scenario } from '../scenario/schema';
import { dataLimitBytes } from '../stack/data-limit';
import { type HistoryEvent, pathOf } from '../stack/history';
import type { StageClients } from './clients';
import { FollowError, StageError } from './errors';
import { type FollowOptions, follow } from './follow';
import { startInput } from './input';
import { chooseInstance } from './instance';
import { findMachine, readLive } from './machine';
import { whyNot } from './why';

export interface StageOptions {
  stage: string;
  instance?: string;
  /** Acts without confirmation. */
  yes?: boolean;
  /** The folder of the report. */
  report: string;
  format: ReportFormat;
  requestedBy: string;
}

/** What a drill on a stage needs from its environment. */
export interface StageDeps extends Pick<FollowOptions, 'wait' | 'signal'> {
  clients: StageClients;
  say: (line: string) => void;
  paint: Paint;
  /** Asks for confirmation; undefined if nobody can answer. */
  ask?: (question: string) => Promise<boolean>;
  now: () => Date;
  /** Starts to show the execution, once there is one. */
  show: () => Progress;
}

/** The result of a drill on a stage, as `--json` prints it. */
export interface StageResult {
  executionArn: string;
  consoleUrl: string;
  /** SUCCEEDED, FAILED, TIMED_OUT or ABORTED; RUNNING if it was not followed to its end. */
  status: string;
  outcome: string;
  reason: string;
  path: string[];
  report: string;
}

/**
 * Starts a scenario's playbook on a deployed stage as a drill, by the alias that rules start, follows it, and writes the report of its real history.
 * Nothing is started unless the instance is opted in and, if the stage acts, a person confirms.
 * @throws StageError if nothing was started; FollowError if it was started but can no longer be followed
 */
export async function drillOnStage(scenario: Scenario, options: StageOptions, deps: StageDeps): Promise<StageResult> {
  const { clients, say, paint } = deps;
  const { machineArn, aliasArn, instanceId } = await prepare(scenario, options, deps);
  const place = { instanceId, machineArn, now: deps.now(), requestedBy: options.requestedBy };
  const executionArn = await start(clients, aliasArn, scenario, startInput(scenario, place), place.now);
  const consoleUrl = consoleLink(executionArn, machineArn.split(':')[3]!);
  say(`Started: ${executionArn}`);
  say(`Console: ${consoleUrl}`);
  const history = await followed(executionArn, machineArn, deps);
  if (history.length === 0)
    throw new FollowError('Stopped following before there was any result; the execution continues.');
  const name = `${scenario.name}-on-${options.stage}`;
  const input = reportOnHistory({
    name,
    story: scenario.story,
    origin: 'stage',
    setting: `stage ${options.stage}`,
    playbook: scenario.playbook,
    id: executionArn,
    machine: machineArn.split(':').at(-1)!,
    history,
    definition: readDefinitions(projectRoot).get(scenario.playbook),
    consoleUrl,
  });
  const [report = ''] = await writeReports(options.report, [input], options.format);
  const { word, why } = endOf(input);
  const { status } = input.executions[0]!;
  if (status === 'RUNNING') {
    say(paint('yellow', 'The execution continues. To stop it:'));
    say(`  aws stepfunctions stop-execution --execution-arn ${executionArn}`);
  } else say(`${paint(status === 'SUCCEEDED' ? 'green' : 'red', shown(word))}  ${shown(why)}`);
  say(`Report: ${report}`);
  return { executionArn, consoleUrl, status, outcome: word, reason: why, path: pathOf(history), report };
}

/** Follows and shows the execution. @returns its history so far */
async function followed(id: string, machine: string, { clients, show, ...deps }: StageDeps): Promise<HistoryEvent[]> {
  const progress = show();
  const onEvent: FollowOptions['onEvent'] = (event, history) => {
    const status = statusOf(history);
    progress.onEvent({ id, machine, status, startedAt: history[0]!.at, history: [...history] }, event, []);
  };
  try {
    return await follow(clients.sfn, id, { ...deps, onEvent });
  } finally {
    await progress.end();
  }
}

/** The checks before anything is started. */
async function prepare(
  { playbook, starts }: Scenario,
  { stage, instance, yes }: StageOptions,
  { clients, say, ask }: StageDeps,
) {
  const machineArn = await asked(findMachine(clients, stage, playbook));
  const { aliasArn, settings } = await asked(readLive(clients, machineArn));
  const { instanceId, name } = await asked(chooseInstance(clients, instance, settings));
  const mode = settings.MODE;
  const what = `${playbook} on ${instanceId}${name ? ` (${name})` : ''}, stage ${stage}, mode ${mode}`;
  say(what);
  if (starts.by !== 'manual') say('No real alarm is triggered: the playbook is started manually, as a drill.');
  if (mode === 'act' && !yes) {
    if (!ask)
      throw new StageError('The stage is in act mode, and there is no terminal to confirm: pass --yes to start.');
    if (!(await ask(`The stage is in act mode. Really start ${what}?`))) throw new StageError('Not started.');
  }
  return { machineArn, aliasArn, instanceId };
}

async function start(
  { sfn }: StageClients,
  stateMachineArn: string,
  scenario: Scenario,
  input: object,
  now: Date,
): Promise<string> {
  // 80 characters at most; the time makes it a new execution. Source: Step Functions API reference, StartExecution.
  const name = `drill-${scenario.name.slice(0, 50)}-${now.toISOString().replace(/\D/g, '')}`;
  const text = JSON.stringify(input);
  const bytes = Buffer.byteLength(text);
  if (bytes > dataLimitBytes)
    throw new StageError(
      `The input of ${scenario.name} has ${bytes} bytes, and Step Functions takes ${dataLimitBytes}: nothing was started.`,
    );
  const begun = sfn.send(new StartExecutionCommand({ stateMachineArn, name, input: text }));
  const { executionArn } = await asked(begun);
  return executionArn!;
}

/** Reports an AWS error before anything is started, in one line. */
async function asked<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    if (cause instanceof StageError) throw cause;
    throw new StageError(`Nothing was started: ${whyNot(cause)}`, { cause });
  }
}
