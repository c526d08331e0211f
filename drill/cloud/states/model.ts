import type { SendTaskFailureCommandInput, SendTaskSuccessCommandInput } from '@aws-sdk/client-sfn';
import { serviceError } from '../errors';
import { type CommandModel, changes, type ServiceModel } from '../service';

/** Who waits for callbacks: the drill's state machines. */
export interface Callbacks {
  succeed(token: string, output: unknown): void;
  fail(token: string, error: string, cause: string): void;
}

/** Simulated Step Functions, as far as callbacks go. Source: Step Functions API reference. */
export function statesModel(callbacks: Callbacks): ServiceModel {
  const answering = <Input>(answer: (input: Input) => void): CommandModel =>
    changes<Input, object>((input) => {
      try {
        answer(input);
      } catch (error) {
        throw serviceError('states', 'TaskTimedOut', `Task Timed Out: ${(error as Error).name}`);
      }
      return {};
    });
  return {
    service: 'states',
    commands: {
      SendTaskSuccess: answering<SendTaskSuccessCommandInput>(({ taskToken = '', output = '' }) =>
        callbacks.succeed(taskToken, JSON.parse(output)),
      ),
      SendTaskFailure: answering<SendTaskFailureCommandInput>(({ taskToken = '', error = '', cause = '' }) =>
        callbacks.fail(taskToken, error, cause),
      ),
    },
  };
}
