import { findNodeAtLocation, type Node, type ParseError, parseTree } from 'jsonc-parser';
import { z } from 'zod';
import type { InputFileError, Refusal, Refuse } from './input-file-error';
import { quote } from './quote';

/** A way to something within a JSON document. */
export type JsonPath = readonly PropertyKey[];

/** A JSON text from outside: what it holds, and where in the text it stands when something is wrong with it. */
export class JsonText {
  readonly value: unknown;
  #tree: Node | undefined;

  /**
   * @param firstLine the line of the file at which the text begins
   * @throws what `refuse` makes of a text that is not JSON, or was cut
   */
  constructor(
    private readonly text: string,
    private readonly toError: Refuse,
    private readonly firstLine = 1,
  ) {
    try {
      this.value = JSON.parse(text);
    } catch (cause) {
      throw this.#notJson(cause);
    }
  }

  /** The error for something in it. @param path to what is wrong; the nearest thing that is there is pointed at */
  refuse(path: JsonPath, what: string, more?: Refusal): InputFileError {
    const { line, column } = this.#placeOf(path);
    const name = nameOf(path);
    return this.toError(line, column, name === undefined ? what : `${name}: ${what}`, more);
  }

  /** Reads it, or a part of it, with a schema. @throws what `refuse` makes of the first field that does not fit */
  read<S extends z.core.$ZodType>(schema: S, value: unknown = this.value, at: JsonPath = []): z.output<S> {
    const parsed = z.safeParse(schema, value);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0]!;
    throw this.refuse([...at, ...issue.path], whatIsWrong(issue, valueAt(value, issue.path)), { cause: parsed.error });
  }

  #notJson(cause: unknown): InputFileError {
    const errors: ParseError[] = [];
    this.#parse(errors);
    const end = this.text.trimEnd().length;
    const { offset, length } = errors[0] ?? { offset: end, length: 0 };
    // A text that was opened and never closed is told of at its beginning.
    const isCut = offset + length >= end;
    const { line, column } = this.#lineAt(isCut ? end : offset);
    const what = isCut ? 'the document ends here before it is whole: the export was cut' : 'this is not valid JSON';
    return this.toError(line, column, what, { cause });
  }

  #placeOf(path: JsonPath): { line: number; column: number } {
    this.#tree ??= this.#parse();
    for (let length = path.length; length >= 0; length -= 1) {
      const node = this.#tree && findNodeAtLocation(this.#tree, path.slice(0, length) as (string | number)[]);
      if (node) return this.#lineAt(node.offset);
    }
    return { line: this.firstLine, column: 1 };
  }

  /** Nesting by the ten thousand is more than the parser can follow: then the document's beginning is pointed at. */
  #parse(errors: ParseError[] = []): Node | undefined {
    try {
      return parseTree(this.text, errors, { disallowComments: true });
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }

  #lineAt(offset: number): { line: number; column: number } {
    const before = this.text.slice(0, offset);
    const lines = before.split('\n');
    return { line: this.firstLine + lines.length - 1, column: lines.at(-1)!.length + 1 };
  }
}

const valueAt = (value: unknown, path: JsonPath): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);

/** `events[3].timestamp` */
export function nameOf(path: JsonPath): string | undefined {
  const name = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return name === '' ? undefined : name.replace(/^\./, '');
}

const kinds: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

/** What a schema minds, in words. Sentences of the project's own schemas stay as they are. */
function whatIsWrong(issue: z.core.$ZodIssue, found: unknown): string {
  if (issue.code === 'invalid_value') return `expected ${issue.values.map(String).join(', ')}, found ${quote(found)}`;
  if (issue.code !== 'invalid_type') return issue.message;
  if (found === undefined) return 'is missing';
  return `expected ${kinds[issue.expected] ?? issue.expected}, found ${quote(found)}`;
}
