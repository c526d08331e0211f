import type {
  SendTaskFailureCommandInput,
  SendTaskSuccessCommandInput,
  StartExecutionCommandInput,
} from '@aws-sdk/client-sfn';
import { serviceError } from '../errors';
import { type CommandModel, changes, type ServiceModel } from '../service';

/** Who waits for callbacks: the drill's state machines. */
export interface Callbacks {
  /** Whether a token was ever handed out. */
  isKnown(token: string): boolean;
  succeed(token: string, output: unknown): void;
  fail(token: string, error: string, cause: string): void;
}

/** What starts executions: the drill's state machines. */
export interface Starter {
  /** @returns the ARN of the execution @throws an error whose message begins with the code of the refusal */
  start(machineArn: string, input: unknown, name: string | undefined): string;
}

/** Characters of a token, and bytes of an output. Source: Step Functions API reference, SendTaskSuccess. */
const longestToken = 2_048;
const largestOutput = 262_144;

/** Simulated Step Functions, as far as steps call it. Source: Step Functions API reference, SendTaskSuccess and StartExecution, "Errors". */
export function statesModel(callbacks: Callbacks, starter: Starter = none): ServiceModel {
  const answering = <Input extends { taskToken?: string | undefined }>(
    answer: (input: Input, token: string) => void,
  ): CommandModel =>
    changes<Input, object>((input) => {
      const { taskToken = '' } = input;
      if (taskToken === '' || taskToken.length > longestToken || /\s/.test(taskToken))
        throw refusal('InvalidToken', 'Invalid token');
      if (!callbacks.isKnown(taskToken)) throw refusal('TaskDoesNotExist', 'Task does not exist');
      answer(input, taskToken);
      return {};
    });
  return {
    service: 'states',
    commands: {
      StartExecution: changes<StartExecutionCommandInput, object>(
        ({ stateMachineArn = '', input = '{}', name }, call) => {
          if (name !== undefined && !/^[\w-]{1,80}$/.test(name))
            throw refusal('InvalidName', `Invalid Name: '${name}'`);
          const executionArn = started(() =>
            starter.start(stateMachineArn, parse(input, 'InvalidExecutionInput'), name),
          );
          call.change(executionArn);
          return { executionArn, startDate: new Date() };
        },
      ),
      SendTaskSuccess: answering<SendTaskSuccessCommandInput>(({ output = '' }, token) => {
        const parsed = parse(output);
        late(() => callbacks.succeed(token, parsed));
      }),
      SendTaskFailure: answering<SendTaskFailureCommandInput>(({ error = '', cause = '' }, token) =>
        late(() => callbacks.fail(token, error, cause)),
      ),
    },
  };
}

/** An account without state machines. */
const none: Starter = {
  start: (machineArn) => {
    throw new Error(`StateMachineDoesNotExist: ${machineArn}`);
  },
};

const refusal = (name: string, message: string) => serviceError('states', name, message);

function parse(output: string, code = 'InvalidOutput'): unknown {
  if (Buffer.byteLength(output) > largestOutput) throw refusal(code, 'It is too large.');
  try {
    return JSON.parse(output);
  } catch (cause) {
    throw Object.assign(refusal(code, 'It is not JSON.'), { cause });
  }
}

/** A start with the same name and input as a running execution is that one. Source: StartExecution, idempotence. */
function started(start: () => string): string {
  try {
    return start();
  } catch (cause) {
    const [code = '', ...rest] = (cause as Error).message.split(': ');
    throw Object.assign(refusal(code, rest.join(': ')), { cause });
  }
}

/** An answer to a task that has ended, by an answer or by its time limit. */
function late(answer: () => void): void {
  try {
    answer();
  } catch (cause) {
    throw Object.assign(refusal('TaskTimedOut', `Task Timed Out: ${(cause as Error).name}`), { cause });
  }
}
