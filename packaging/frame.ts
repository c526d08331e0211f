import { z } from 'zod';
import { FrameError, fillBlanks } from './fill-blanks';

export { FrameError } from './fill-blanks';

type Fields = Record<string, unknown>;
type States = Record<string, Fields>;

const fields = z.record(z.string(), z.unknown());
/** A list of errors may hold lists of errors. */
const rule = z.looseObject({
  ErrorEquals: z.array(z.union([z.string(), z.array(z.string())])).transform((all) => all.flat()),
});
const lists = z.record(z.string(), z.array(rule));
const frameSchema = z.strictObject({
  Task: fields.default({}),
  Retry: lists,
  Catch: lists,
  Parts: z.record(z.string(), z.record(z.string(), fields)),
});
const storySchema = z.looseObject({ States: z.record(z.string(), fields) });

/** The shared states, as in statemachines/frame.yml. */
type Frame = z.output<typeof frameSchema>;
/** A complete machine in the Amazon States Language. */
export type Assembled = z.output<typeof storySchema>;

/**
 * Assembles a complete machine from its own states and the frame. A state with `Frame: opening` is replaced by the
 * states of that part, with its other fields in place of their `<blanks>`; a name in `Retry` or `Catch` is replaced by
 * the list of that name. Pure: neither input is changed.
 * @param story the machine's own file
 * @param frame the contents of statemachines/frame.yml
 * @param machine its name, for messages
 * @throws FrameError naming machine and state
 */
export function assembleMachine(story: unknown, frame: unknown, machine: string): Assembled {
  const shared = parsed(frameSchema, frame, 'statemachines/frame.yml');
  const own = parsed(storySchema, story, machine);
  return { ...structuredClone(own), States: statesOf(own.States, shared, machine) };
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new FrameError(`${what}: ${issue?.path.join('.')}: ${issue?.message}`, { cause: result.error });
}

function statesOf(states: States, frame: Frame, at: string): States {
  const found = new Map<string, Fields>();
  for (const [name, state] of Object.entries(states)) {
    const group =
      'Frame' in state ? partOf(name, state, frame, at) : { [name]: completed(state, frame, `${at}: ${name}`) };
    for (const [one, body] of Object.entries(group)) {
      if (found.has(one)) throw new FrameError(`${at}: the state "${one}" is defined twice`);
      found.set(one, body);
    }
  }
  return Object.fromEntries(found);
}

/** The states of a part of the frame, with its blanks filled in; a part may have parts itself. */
function partOf(name: string, { Frame: part, ...given }: Fields, frame: Frame, machine: string): States {
  const at = `${machine}: ${name}`;
  const { [String(part)]: states, ...others } = Object.assign(Object.create(null) as Frame['Parts'], frame.Parts);
  if (!states) throw new FrameError(`${at}: the frame has no part "${String(part)}"`);
  const filled = fillBlanks(states, { part: String(part), given: { name, ...given }, own: 'name', at }) as States;
  // Without itself, so that no part can hold itself for ever.
  return statesOf(filled, { ...frame, Parts: others }, machine);
}

/** A state with what every task has, and with the lists that it names, including states in a Map. */
function completed(state: Fields, frame: Frame, at: string): Fields {
  const given = Object.entries({ ...(state.Type === 'Task' ? frame.Task : {}), ...state });
  const whole: Fields = structuredClone(Object.fromEntries(given.filter(([, value]) => value !== null)));
  for (const field of ['Retry', 'Catch'] as const) {
    if (field in whole) whole[field] = listOf(whole[field], frame[field], `${at}: ${field}`);
  }
  const { ItemProcessor: inner } = whole as { ItemProcessor?: Fields & { States: States } };
  if (inner) whole.ItemProcessor = { ...inner, States: statesOf(inner.States, frame, at) };
  return whole;
}

function listOf(value: unknown, named: Frame['Retry'], at: string): unknown[] {
  return [value].flat().flatMap((one) => {
    if (typeof one !== 'string') return [one];
    if (!Object.hasOwn(named, one)) throw new FrameError(`${at}: the frame has no list "${one}"`);
    return structuredClone(named[one]!);
  });
}
