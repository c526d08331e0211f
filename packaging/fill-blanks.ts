/** A shared part is not there, or is given too little or too much; the message names the place. */
export class FrameError extends Error {
  override name = 'FrameError';
}

interface Use {
  part: string;
  /** The values of the blanks, the place's own name among them, which a part need not use. */
  given: Record<string, unknown>;
  own: string;
  /** The place, for messages. */
  at: string;
}

/**
 * A part that several places share, with its `<blanks>` replaced by the values of one place. Pure.
 * @throws FrameError if a blank has no value, or a value no blank
 */
export function fillBlanks(body: unknown, { part, given, own, at }: Use): unknown {
  const used = new Set([own]);
  const filled = fill(body, given, used, at);
  const unused = Object.keys(given).find((one) => !used.has(one));
  if (unused) throw new FrameError(`${at}: the part "${part}" has no <${unused}>`);
  return filled;
}

const blank = /<([a-z]\w*)>/g;

/** Replaces the blanks with the place's values; a blank that is the whole text may be replaced by any type. */
function fill(node: unknown, given: Record<string, unknown>, used: Set<string>, at: string): unknown {
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
