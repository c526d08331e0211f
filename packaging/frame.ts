import { z } from 'zod';

/** A machine uses something that the frame does not have, or leaves out something required; the message names the place. */
export class FrameError extends Error {
  override name = 'FrameError';
}

type Fields = Record<string, unknown>;
type States = Record<string, Fields>;

const fields = z.record(z.string(), z.unknown());
const lists = z.record(z.string(), z.array(fields));
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
  const used = new Set(['name']);
  const filled = fill(states, { name, ...given }, used, at) as States;
  const unused = Object.keys(given).find((one) => !used.has(one));
  if (unused) throw new FrameError(`${at}: the part "${part}" has no <${unused}>`);
  // Without itself, so that no part can hold itself for ever.
  return statesOf(filled, { ...frame, Parts: others }, machine);
}

const blank = /<([a-z]\w*)>/g;

/** Replaces the blanks with the machine's values; a blank that is the whole text may be replaced by any type. */
function fill(node: unknown, given: Fields, used: Set<string>, at: string): unknown {
  const said = (name: string) => {
    if (!Object.hasOwn(given, name)) throw new FrameError(`${at}: <${name}> is missing`);
    used.add(name);
    return given[name];
  };
  if (typeof node === 'string') {
    const whole = /^<([a-z]\w*)>$/.exec(node)?.[1];
    return whole ? said(whole) : node.replace(blank, (_text, name: string) => String(said(name)));
  }
  const each = (value: unknown) => fill(value, given, used, at);
  if (Array.isArray(node)) return node.map(each);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [String(each(key)), each(value)]));
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
