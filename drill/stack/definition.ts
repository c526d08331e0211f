import type { StateMachine } from 'aws-local-stepfunctions';
import { PlaybookError } from '../../functions/shared/errors';
import { splitReader } from './item-reader';

/** A state machine uses something that the local engine would silently ignore, so a drill would prove nothing. */
export class DefinitionError extends PlaybookError {}

type Json = unknown;
type Fields = Record<string, Json>;
export type EngineDefinition = ConstructorParameters<typeof StateMachine>[0];

/** A Task state, wherever in the machine it stands. */
export interface TaskState {
  name: string;
  resource: string;
  /** Where the context object has the items, of a Map's ItemReader. */
  itemsKey?: string;
}

export interface MachineDefinition {
  engine: EngineDefinition;
  tasks: TaskState[];
}

/** setTimeout takes no more; Step Functions' own default is 99,999,999 seconds, the engine's 60. */
const longestTimeoutSeconds = 2_147_483;
const typeTests = ['IsPresent', 'IsNull', 'IsNumeric', 'IsString', 'IsBoolean', 'IsTimestamp'];

/**
 * Makes a definition mean to aws-local-stepfunctions 3 what it means to Step Functions. Pure.
 * @throws DefinitionError for JSONata, Assign and names that are used twice
 */
export function prepareDefinition(definition: unknown): MachineDefinition {
  const tasks: TaskState[] = [];
  const engine = machine(definition as Fields, tasks, new Set()) as unknown as EngineDefinition;
  return { engine, tasks };
}

function machine(definition: Fields, tasks: TaskState[], names: Set<string>): Fields {
  if (definition.QueryLanguage === 'JSONata')
    throw new DefinitionError('The local engine knows no JSONata: write the machine in JSONPath.');
  const states = Object.entries(definition.States as Record<string, Fields>);
  return {
    ...definition,
    States: Object.fromEntries(states.flatMap(([name, state]) => prepared(name, state, tasks, names))),
  };
}

/** A state, or the two that a Map with an ItemReader is inside the engine. */
function prepared(name: string, state: Fields, tasks: TaskState[], names: Set<string>): [string, Fields][] {
  if (!('ItemReader' in state)) return [[name, prepare(name, state, tasks, names)]];
  assertReadable(name, state);
  const index = tasks.filter(({ itemsKey }) => itemsKey).length;
  const { names: both, reader, map } = splitReader(name, state, index);
  const made = [reader, map].map((one, i): [string, Fields] => [both[i]!, prepare(both[i]!, one, tasks, names)]);
  tasks.find((task) => task.name === name)!.itemsKey = `r${index}`;
  return made;
}

/** Source: Step Functions developer guide, "ItemReader (Map)": for Distributed Maps alone. */
function assertReadable(name: string, { ItemReader, ItemProcessor, ItemsPath, ItemBatcher }: Fields): void {
  const { ProcessorConfig } = (ItemProcessor ?? {}) as { ProcessorConfig?: { Mode?: string } };
  const { ReaderConfig, Resource } = ItemReader as { ReaderConfig?: Fields; Resource?: string };
  if (ProcessorConfig?.Mode !== 'DISTRIBUTED')
    throw new DefinitionError(`State "${name}": only a Distributed Map has an ItemReader.`);
  const isArray = ReaderConfig?.InputType === 'JSON' && Object.keys(ReaderConfig).length === 1;
  if (!isArray || !/:states:::s3:getObject$/.test(Resource ?? '') || ItemsPath !== undefined || ItemBatcher)
    throw new DefinitionError(`State "${name}": a drill reads the items of a JSON array in S3 alone.`);
}

function prepare(name: string, state: Fields, tasks: TaskState[], names: Set<string>): Fields {
  if (names.has(name)) throw new DefinitionError(`State "${name}" is there twice.`);
  names.add(name);
  for (const field of ['Assign', 'Arguments', 'Output']) {
    if (field in state) throw new DefinitionError(`State "${name}": the local engine ignores ${field}.`);
  }
  const prepared = withoutRootResultPath(state);
  if (state.Type === 'Task') {
    tasks.push({ name, resource: String(state.Resource) });
    if (!('TimeoutSeconds' in state || 'TimeoutSecondsPath' in state)) prepared.TimeoutSeconds = longestTimeoutSeconds;
  }
  if (Array.isArray(state.Choices)) prepared.Choices = state.Choices.map(choice);
  if (Array.isArray(state.Branches))
    prepared.Branches = state.Branches.map((branch) => machine(branch as Fields, tasks, names));
  for (const field of ['ItemProcessor', 'Iterator']) {
    if (field in state) prepared[field] = machine(state[field] as Fields, tasks, names);
  }
  return prepared;
}

/** `ResultPath: $` is Step Functions' way to say "replace all", which is also the default; the engine makes a field `$` of it. */
function withoutRootResultPath(state: Fields): Fields {
  const { ResultPath, ...rest } = state;
  const kept = ResultPath === '$' || ResultPath === undefined ? rest : state;
  if (!Array.isArray(state.Catch)) return { ...kept };
  return { ...kept, Catch: state.Catch.map((catcher) => withoutRootResultPath(catcher as Fields)) };
}

/** The engine never matches a type test whose expected value is false: `IsPresent: false` becomes Not(IsPresent: true). */
function choice(rule: Json): Json {
  if (typeof rule !== 'object' || rule === null) return rule;
  const { Next, ...test } = rule as Fields;
  const next = Next === undefined ? {} : { Next };
  for (const operator of ['And', 'Or']) {
    if (Array.isArray(test[operator])) return { [operator]: test[operator].map(choice), ...next };
  }
  if (test.Not) return { Not: choice(test.Not), ...next };
  const negative = typeTests.find((name) => test[name] === false);
  return negative ? { Not: { ...test, [negative]: true }, ...next } : rule;
}
