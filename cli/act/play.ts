import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { lastState, reportOnHistory } from '../../drill/replay/to-report';
import { endOf } from '../../drill/report/end';
import { follow } from '../../drill/stage/follow';
import { aliasName } from '../../packaging/publish-machines';
import { goOn } from '../smoke/until';
import type { ActRun } from './frame';
import { executionsOf } from './names';
import { questionsOf, waitingLines } from './questions';

/** How a playbook ended on the throwaway instance. */
export interface Played {
  /** Its outcome, or the status of an execution without a record. */
  word: string;
  why: string;
  incidentId: string | undefined;
}

/**
 * Starts a playbook by its alias, as rules do, and follows it to its end. Where it waits for an answer, the question and the
 * command for it are said.
 * @throws InterruptedError; FollowError; SDK errors unchanged
 */
export async function play(run: ActRun, playbook: string, input: object): Promise<Played> {
  const { options, clients, ledger, clock, say } = run;
  const { stage, requestedBy } = options;
  const machineArn = run.machines.get(playbook)!;
  const name = `${executionsOf(options)}${playbook}`;
  goOn(clock.signal);
  ledger.note('execution', `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`);
  const manual = {
    start: 'manual',
    reason: 'A smoke test on a throwaway instance.',
    requestedBy,
    drill: true,
    ...input,
  };
  const { executionArn = '' } = await clients.sfn.send(
    new StartExecutionCommand({ stateMachineArn: `${machineArn}:${aliasName}`, name, input: JSON.stringify(manual) }),
  );
  const questions = questionsOf(playbook);
  const history = await follow(clients.sfn, executionArn, {
    wait: clock.wait,
    signal: clock.signal,
    onEvent: (event) => {
      for (const line of waitingLines(event, questions, { playbook, stage })) say(line);
    },
  });
  goOn(clock.signal);
  const machine = machineArn.split(':').at(-1)!;
  const report = reportOnHistory({
    name,
    story: '',
    origin: 'stage',
    setting: `stage ${stage}`,
    playbook,
    id: executionArn,
    machine,
    history,
  });
  const { word, why } = endOf(report);
  return { word, why, incidentId: lastState(history)?.incidentId };
}
