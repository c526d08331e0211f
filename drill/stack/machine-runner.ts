import type { StateMachine } from 'aws-local-stepfunctions';
import { PlaybookError } from '../../functions/shared/errors';
import { bytesOf, checkSize, dataLimitBytes, type Unlimited } from './data-limit';
import { type EngineDefinition, type MachineDefinition, prepareDefinition, type TaskState } from './definition';
import { loadEngine } from './engine';
import { madeOnce } from './frozen';
import { type HistoryEvent, toHistoryEvent } from './history';
import type { Ids } from './ids';
import { isInside, itemsField, outerName } from './item-reader';
import { type TaskInvocation, type TaskServices, taskRunner } from './task';
import type { StackResource } from './template';
import { validated } from './validated';

/** StartExecution was asked for something that Step Functions refuses. */
export class StartExecutionError extends PlaybookError {}

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** One run of a state machine. */
export interface Execution {
  /** The execution's ARN, which is `$$.Execution.Id`. */
  readonly id: string;
  readonly name: string;
  readonly machine: string;
  readonly input: unknown;
  readonly startedAt: number;
  readonly history: HistoryEvent[];
  /** Settles when the execution has ended, however it ended. */
  ended: Promise<void>;
  status: ExecutionStatus;
  endedAt?: number;
  /** When it was taken up again after a failure: its TimeoutSeconds count from then on. */
  redrivenAt?: number;
  output?: unknown;
  error?: string;
  cause?: string;
}

export interface MachineRunnerOptions {
  machines: readonly StackResource[];
  services: TaskServices;
  ids: Ids;
  /** Told of each event as it happens. */
  onEvent?: (execution: Execution, event: HistoryEvent) => void;
}

interface Machine {
  resource: StackResource;
  name: string;
  tasks: TaskState[];
  /** States that read the items of a Map. */
  readers: ReadonlySet<string>;
  timeoutSeconds: number | undefined;
  definition: EngineDefinition;
  Engine: typeof StateMachine;
  engine: StateMachine;
}

/** Runs the template's state machines, each Task with what its Resource names. */
export class MachineRunner {
  readonly executions: Execution[] = [];
  readonly #byId = new Map<string, Execution>();
  readonly #machines: Map<string, Machine>;
  readonly #options: MachineRunnerOptions;

  private constructor(machines: Map<string, Machine>, options: MachineRunnerOptions) {
    this.#machines = machines;
    this.#options = options;
  }

  /** @throws DefinitionError or the engine's own error when a machine cannot be run as it is written */
  static async create(options: MachineRunnerOptions): Promise<MachineRunner> {
    const { StateMachine } = await loadEngine();
    const machines = options.machines.map((resource): [string, Machine] => [
      resource.arn,
      machineOf(resource)(StateMachine),
    ]);
    for (const [, { tasks }] of machines) {
      for (const task of tasks) taskRunner(task, { executionId: '', stateName: task.name }, options.services);
    }
    return new MachineRunner(new Map(machines), options);
  }

  /** Seconds that each machine gives an execution (its TimeoutSeconds), by the machine's name. */
  ceilings(): [string, number][] {
    return [...this.#machines.values()].map(({ name, timeoutSeconds }) => [
      name,
      timeoutSeconds ?? Number.POSITIVE_INFINITY,
    ]);
  }

  /** Whether the stack has a machine of this ARN, also when it names one of its versions. */
  has(machineArn: string): boolean {
    return this.#machines.has(unversioned(machineArn));
  }

  /**
   * Starts a machine as StartExecution does. Source: Step Functions API reference, StartExecution, `input`.
   * @throws StartExecutionError ValidationException for an input that is too large, and those of `start`
   */
  startExecution(machineArn: string, input: unknown, name?: string): Execution {
    if (bytesOf(input) > dataLimitBytes)
      throw new StartExecutionError(
        `ValidationException: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${dataLimitBytes}`,
      );
    return this.start(machineArn, input, name);
  }

  /**
   * Starts a machine with an input of any size: what reads it must hold without the service's limit too. Within the limit,
   * the data of every state is held to it.
   * @param name makes a second start with the same name and input return the running one
   * @throws StartExecutionError StateMachineDoesNotExist or ExecutionAlreadyExists
   */
  start(machineArn: string, input: unknown, name: string = this.#options.ids()): Execution {
    const machine = this.#machines.get(unversioned(machineArn));
    if (!machine) throw new StartExecutionError(`StateMachineDoesNotExist: ${machineArn}`);
    const id = `${machine.resource.arn.replace(':stateMachine:', ':execution:')}:${name}`;
    const same = this.#byId.get(id);
    if (same?.status === 'RUNNING' && JSON.stringify(same.input) === JSON.stringify(input)) return same;
    if (same) throw new StartExecutionError(`ExecutionAlreadyExists: ${id}`);
    const execution: Execution = {
      id,
      name,
      machine: machine.name,
      input,
      startedAt: Date.now(),
      history: [],
      status: 'RUNNING',
      ended: Promise.resolve(),
    };
    this.executions.push(execution);
    this.#byId.set(id, execution);
    execution.ended = this.#run(machine, execution, execution);
    return execution;
  }

  /**
   * Takes up an execution at a state that it entered, with the same id and what it had then, as RedriveExecution does.
   * @throws StartExecutionError when it never entered that state
   */
  redrive(executionId: string, state: string): Execution {
    const execution = this.#byId.get(executionId);
    const entered = execution?.history.findLast((event) => event.type === 'StateEntered' && event.state === state);
    const machine = [...this.#machines.values()].find(({ name }) => name === execution?.machine);
    if (!execution || !machine || entered?.type !== 'StateEntered') {
      throw new StartExecutionError(`ExecutionNotRedrivable: ${executionId}`);
    }
    Object.assign(execution, { status: 'RUNNING', redrivenAt: Date.now() });
    // Validated when the stack came up; from here the states before this one are out of reach.
    const engine = new machine.Engine(
      { ...machine.definition, StartAt: entered.state },
      { validationOptions: { noValidate: true } },
    );
    execution.ended = this.#run({ ...machine, engine }, { ...execution, input: entered.input }, execution);
    return execution;
  }

  /** Settles when every execution, also those started meanwhile, has ended. */
  async allEnded(): Promise<void> {
    for (let i = 0; i < this.executions.length; i += 1) await this.executions[i]?.ended;
  }

  async #run(machine: Machine, execution: Pick<Execution, 'id' | 'name' | 'input'>, noted: Execution): Promise<void> {
    const { services } = this.#options;
    const isUnlimited = bytesOf(noted.input) > dataLimitBytes;
    const items: Record<string, unknown> = {};
    const handlers = machine.tasks.map((task) => {
      const invocation: TaskInvocation = { executionId: execution.id, stateName: task.name };
      const call = taskRunner(task, invocation, services);
      const { itemsKey } = task;
      const run = itemsKey
        ? async (input: unknown) => {
            items[itemsKey] = await call(input);
          }
        : call;
      const withinLimit = async (input: unknown) => run(checkSize(input, `The state '${task.name}' has parameters`));
      return [task.name, isUnlimited ? run : withinLimit] as const;
    });
    const context = {
      Execution: { Id: execution.id, Name: execution.name, StartTime: new Date().toISOString() },
      StateMachine: { Id: machine.resource.arn, Name: machine.name },
      ...services.tokens?.contextObject(),
      [itemsField]: items,
    };
    const options: Parameters<StateMachine['run']>[1] & Unlimited = {
      overrides: { taskResourceLocalHandlers: Object.fromEntries(handlers) as never },
      context,
      isUnlimited,
    };
    const run = machine.engine.run(JSON.parse(JSON.stringify(execution.input ?? {})), options);
    // The event log tells how it ended; without a handler the same rejection would end the process.
    run.result.catch(() => {});
    for await (const logged of run.eventLogs) {
      const event = toHistoryEvent(logged);
      if (event) this.#noteOf(machine, noted, event);
    }
  }

  /** A Map that reads its items is two states inside the engine, and one in the history. */
  #noteOf({ readers }: Machine, execution: Execution, event: HistoryEvent): void {
    if (!('state' in event)) this.#note(execution, event);
    else if (!isInside(event, readers)) {
      const { state, stateType } = event;
      const place = { state: outerName(state), stateType: readers.has(state) ? 'Map' : stateType };
      this.#note(execution, { ...event, ...place });
    }
  }

  #note(execution: Execution, event: HistoryEvent): void {
    execution.history.push(event);
    if (event.type === 'ExecutionSucceeded') Object.assign(execution, { status: 'SUCCEEDED', output: event.output });
    if (event.type === 'ExecutionFailed')
      Object.assign(execution, { status: 'FAILED', error: event.error, cause: event.cause });
    if (event.type === 'ExecutionTimedOut') Object.assign(execution, { status: 'TIMED_OUT', error: 'States.Timeout' });
    if (event.type === 'ExecutionAborted') execution.status = 'ABORTED';
    if (execution.status !== 'RUNNING') execution.endedAt = event.at;
    this.#options.onEvent?.(execution, event);
  }
}

/** A machine as the engine runs it, from its resource and the engine's class. */
const machineOf = madeOnce((resource: StackResource) => {
  let made: Machine | undefined;
  return (Engine: typeof StateMachine): Machine => {
    made ??= newMachine(resource, Engine);
    return made;
  };
});

function newMachine(resource: StackResource, Engine: typeof StateMachine): Machine {
  const { engine: definition, tasks } = definitionOf(resource);
  const name = String(resource.properties.StateMachineName ?? resource.logicalId);
  const { TimeoutSeconds: timeoutSeconds } = definition;
  const readers = new Set(tasks.flatMap((task) => (task.itemsKey ? [task.name] : [])));
  return { resource, name, tasks, readers, timeoutSeconds, definition, Engine, engine: validated(Engine, definition) };
}

function definitionOf({ properties, logicalId }: StackResource): MachineDefinition {
  const { DefinitionString, Definition } = properties;
  const definition = typeof DefinitionString === 'string' ? JSON.parse(DefinitionString) : Definition;
  if (!definition) throw new StartExecutionError(`${logicalId} has no definition in the template.`);
  return prepareDefinition(definition);
}

function unversioned(arn: string): string {
  return arn.split(':').slice(0, 7).join(':');
}
