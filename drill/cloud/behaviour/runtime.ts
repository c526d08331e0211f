/** How what runs the steps behaves: no call of a step shows it, and the code relies on it all the same. */
export interface RuntimeBehaviour {
  what: string;
  behaves: string;
  /** The document that it rests on. */
  source: string;
  /** The test that shows the simulated cloud doing it: its file, and how its title begins. */
  shownBy: readonly [file: string, title: string];
}

const machines = 'tests/drill/stack/machine-runner.test.ts';
const bus = 'tests/drill/stack/event-bus.test.ts';

export const runtimeRows: readonly RuntimeBehaviour[] = [
  {
    what: 'Lambda, a step that takes too long',
    behaves:
      'its environment is reset: a request that is on its way arrives, and nothing else of the step goes on; Step Functions sees Sandbox.Timedout or Lambda.Unknown',
    source:
      'Lambda developer guide, "Lambda execution environment lifecycle"; Step Functions developer guide, "Handle Lambda service exceptions"',
    shownBy: [machines, 'what took too long ends with its environment'],
  },
  {
    what: 'Lambda, asynchronous invocations',
    behaves: 'a failure is tried again after one and two minutes; then the event is in the dead-letter queue',
    source: 'Lambda developer guide, "Asynchronous invocation"',
    shownBy: [bus, 'a function that fails is tried twice more'],
  },
  {
    what: 'EventBridge, deliveries',
    behaves: 'at least once, in any order; what cannot be delivered is in the dead-letter queue of the target',
    source: 'EventBridge user guide, "Event retry policy and using dead-letter queues"',
    shownBy: [bus, 'delivery is at least once'],
  },
  {
    what: 'Step Functions, data of a state',
    behaves:
      'more than 262,144 bytes of input, of parameters or of output fail the execution with States.DataLimitExceeded, which nothing retries or catches',
    source: 'Step Functions developer guide, "Handling errors in Step Functions workflows"; service quotas',
    shownBy: [machines, 'what a state holds over 262,144 bytes'],
  },
  {
    what: 'Step Functions, StartExecution',
    behaves: 'an input of more than 262,144 bytes is refused',
    source: 'Step Functions API reference, StartExecution',
    shownBy: [machines, 'StartExecution takes 262,144 bytes'],
  },
  {
    what: 'Step Functions, the same name again',
    behaves: 'with the same input joins an execution that runs; one that has ended keeps its name for 90 days',
    source: 'Step Functions API reference, StartExecution',
    shownBy: [machines, 'a second start with the same name joins'],
  },
  {
    what: 'Step Functions, a callback',
    behaves: 'after its task has ended it is refused, as is a token that was never handed out',
    source: 'Step Functions API reference, SendTaskSuccess',
    shownBy: ['tests/drill/cloud/services.test.ts', 'a callback is refused by the code of its reason'],
  },
  {
    what: 'DynamoDB, an index',
    behaves: 'shows a write a fraction of a second later; consistent reads of it do not exist',
    source: 'DynamoDB developer guide, "Using global secondary indexes"',
    shownBy: ['tests/drill/cloud/late-indexes.test.ts', 'an index shows what a %s wrote half a second later'],
  },
];
