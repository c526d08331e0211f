import { findNodeAtLocation, type Node, type ParseError, parseTree } from 'jsonc-parser';
import { z } from 'zod';
import type { InputFileError, Refusal, Refuse } from './input-file-error';
import { quote } from './quote';

/** A path within a JSON document. */
export type JsonPath = readonly PropertyKey[];

/** A JSON document from outside: its content, and the place in the text for error messages. */
export class JsonText {
  readonly value: unknown;
  #tree: Node | undefined;

  /**
   * @param firstLine the line of the file on which the text begins
   * @throws the error from `refuse` for text that is not JSON, or is truncated
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

  /** The error for a value in it. @param path to the value; if it is missing, the error points at its nearest parent */
  refuse(path: JsonPath, what: string, more?: Refusal): InputFileError {
    const { line, column } = this.#placeOf(path);
    const name = nameOf(path);
    return this.toError(line, column, name === undefined ? what : `${name}: ${what}`, more);
  }

  /** Reads it, or a part of it, with a schema. @throws the error from `refuse` for the first field that does not match */
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
    // An unclosed string is reported where it begins.
    const isCut = offset + length >= end;
    const { line, column } = this.#lineAt(isCut ? end : offset);
    const what = isCut ? 'the document ends here but is not complete: the export was cut' : 'this is not valid JSON';
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

  /** The parser cannot follow tens of thousands of levels: then the error points at the beginning of the document. */
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

/** A schema's objection in words. Messages of the project's own schemas are kept. */
function whatIsWrong(issue: z.core.$ZodIssue, found: unknown): string {
  if (issue.code === 'invalid_value') return `expected ${issue.values.map(String).join(', ')}, found ${quote(found)}`;
  if (issue.code !== 'invalid_type') return issue.message;
  if (found === undefined) return 'is missing';
  return `expected ${kinds[issue.expected] ?? issue.expected}, found ${quote(found)}`;
}
