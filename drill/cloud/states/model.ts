import type { SendTaskFailureCommandInput, SendTaskSuccessCommandInput } from '@aws-sdk/client-sfn';
import { serviceError } from '../errors';
import { type CommandModel, changes, type ServiceModel } from '../service';

/** Who waits for callbacks: the drill's state machines. */
export interface Callbacks {
  /** Whether a token was ever handed out. */
  isKnown(token: string): boolean;
  succeed(token: string, output: unknown): void;
  fail(token: string, error: string, cause: string): void;
}

/** Characters of a token, and bytes of an output. Source: Step Functions API reference, SendTaskSuccess. */
const longestToken = 2_048;
const largestOutput = 262_144;

/** Simulated Step Functions, as far as callbacks go. Source: Step Functions API reference, SendTaskSuccess, "Errors". */
export function statesModel(callbacks: Callbacks): ServiceModel {
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

const refusal = (name: string, message: string) => serviceError('states', name, message);

function parse(output: string): unknown {
  if (Buffer.byteLength(output) > largestOutput) throw refusal('InvalidOutput', 'The output is too large.');
  try {
    return JSON.parse(output);
  } catch (cause) {
    throw Object.assign(refusal('InvalidOutput', 'The output is not JSON.'), { cause });
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
