import { z } from 'zod';
import type { Definition } from '../../drill/report/dot';

const retrySchema = z.object({
  ErrorEquals: z.array(z.string()),
  IntervalSeconds: z.number().default(1),
  MaxAttempts: z.number().default(3),
});
const catchSchema = z.object({ ErrorEquals: z.array(z.string()), Next: z.string() });

const stateSchema = z.object({
  Type: z.string(),
  Comment: z.string().default(''),
  Resource: z.string().optional(),
  Parameters: z.looseObject({ FunctionName: z.string().optional() }).optional(),
  TimeoutSeconds: z.union([z.number(), z.string()]).optional(),
  Retry: z.array(retrySchema).default([]),
  Catch: z.array(catchSchema).default([]),
  Choices: z.array(z.looseObject({ Next: z.string() })).default([]),
  Default: z.string().optional(),
  Next: z.string().optional(),
  Error: z.string().optional(),
});
const machineSchema = z.object({
  Comment: z.string(),
  StartAt: z.string(),
  TimeoutSeconds: z.number(),
  States: z.record(z.string(), z.looseObject({})),
});

/** A state, with the Map that contains it, if any. */
export type State = z.output<typeof stateSchema> & { name: string; within?: string };

/** A machine as its page shows it; the states of a Map follow the Map. */
export interface Machine {
  purpose: string;
  timeoutSeconds: number;
  states: State[];
}

/** @throws ZodError when the definition is not a state machine; `serverless package` rejects it earlier */
export function readMachine(definition: Definition): Machine {
  const { Comment, TimeoutSeconds, States } = machineSchema.parse(definition);
  return { purpose: Comment, timeoutSeconds: TimeoutSeconds, states: statesOf(States) };
}

function statesOf(states: Record<string, unknown>, within?: string): State[] {
  return Object.entries(states).flatMap(([name, body]) => {
    const inner = (body as { ItemProcessor?: { States: Record<string, unknown> } }).ItemProcessor;
    const state = { ...stateSchema.parse(body), name, ...(within ? { within } : {}) };
    return [state, ...(inner ? statesOf(inner.States, name) : [])];
  });
}

/** The logical ID of the function that a Task calls, directly or with a task token; undefined for other states. */
export function functionIdOf({ Resource, Parameters }: State): string | undefined {
  const target = Resource?.startsWith('arn:') ? Parameters?.FunctionName : Resource;
  return target?.replace(/\.Arn$/, '');
}

/** What a Task asks of a service without a function in between, for example `sns:publish`; undefined for other states. */
export function integrationOf({ Resource = '' }: State): string | undefined {
  const [, name] = /^arn:.+:states:::(?!lambda:)(.+)$/.exec(Resource) ?? [];
  return name;
}

/** The states that end an execution without a change, in every machine. */
const ends = ['Close incident', 'Already handled', 'Needs a person', 'Overdue'];

/** Choices that can end the run before it acts: neither wait loops nor the Choice on the outcome. */
export function guardsOf({ states }: Machine): State[] {
  const waits = new Set(states.filter(({ Type }) => Type === 'Wait').map(({ name }) => name));
  return states.filter((state) => {
    const targets = answersOf(state).map(([, next]) => next);
    const isLoop = targets.some((next) => waits.has(next));
    return state.Type === 'Choice' && state.name !== 'Did it end well?' && !isLoop && targets.some(isEnd);
  });
}

const isEnd = (name: string) => ends.includes(name);

/** Each rule of a Choice with its next state; the default comes last. */
export function answersOf({ Choices, Default }: State): [condition: string, next: string][] {
  const given = Choices.map(({ Next, ...rule }): [string, string] => [conditionOf(rule), Next]);
  return Default ? [...given, ['otherwise', Default]] : given;
}

/** An Amazon States Language rule in words. */
function conditionOf(rule: Record<string, unknown>): string {
  const { And, Or, Variable, ...test } = rule as { And?: object[]; Or?: object[]; Variable?: string };
  const parts = (rules: object[], word: string) => rules.map((one) => conditionOf({ ...one })).join(word);
  if (And) return parts(And, ' and ');
  if (Or) return parts(Or, ' or ');
  const [[operator, value] = []] = Object.entries(test);
  const field = `\`${String(Variable).replace(/^\$\.(incident\.)?/, '')}\``;
  if (operator === 'IsPresent') return value ? `${field} is present` : `${field} is absent`;
  return `${field} is \`${String(value)}\``;
}
