import { MalformedQueryError } from './error';

/** A word of a query: a name, a number, text in quotation marks, a regular expression between slashes, or a sign. */
export interface Word {
  kind: 'name' | 'number' | 'text' | 'regex' | 'sign';
  value: string;
}

const forms: readonly [Word['kind'], RegExp][] = [
  ['text', /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/y],
  ['regex', /\/((?:[^/\\]|\\.)+)\//y],
  ['number', /-?\d+(?:\.\d+)?/y],
  ['name', /@?[A-Za-z_][A-Za-z0-9_.]*|`[^`]+`/y],
  ['sign', /!=|<=|>=|[=<>()|,*]/y],
];

/** The words of a query, without its comments. @throws MalformedQueryError */
export function wordsOf(query: string): Word[] {
  const text = query.replace(/^\s*#.*$/gm, '');
  const words: Word[] = [];
  for (let at = 0; ; ) {
    at += /^\s*/.exec(text.slice(at))![0].length;
    if (at >= text.length) return words;
    const [word, length] = wordAt(text, at);
    words.push(word);
    at += length;
  }
}

function wordAt(text: string, at: number): [Word, number] {
  for (const [kind, form] of forms) {
    form.lastIndex = at;
    const found = form.exec(text);
    if (!found) continue;
    const inner = kind === 'text' || kind === 'regex' ? (found[1] ?? found[2] ?? '') : found[0].replaceAll('`', '');
    // Only quotation marks and backslashes of text are escaped; a regular expression keeps its own.
    const value = kind === 'text' ? inner.replace(/\\(["'\\])/g, '$1') : inner;
    return [{ kind, value }, found[0].length];
  }
  throw new MalformedQueryError(`unexpected symbol found ${text.slice(at, at + 20)}`);
}

/** The words of one command, read from left to right. */
export class Words {
  private at = 0;

  constructor(private readonly words: readonly Word[]) {}

  /** Takes the next word if it has this value and is no text. */
  takes(value: string): boolean {
    const word = this.words[this.at];
    if (!word || word.kind === 'text' || word.kind === 'regex' || word.value.toLowerCase() !== value) return false;
    this.at += 1;
    return true;
  }

  take(kind: Word['kind']): string | undefined {
    const word = this.words[this.at];
    if (word?.kind !== kind) return undefined;
    this.at += 1;
    return word.value;
  }

  /** @throws MalformedQueryError */
  need(kind: Word['kind']): string {
    return this.take(kind) ?? this.fail();
  }

  needSign(sign: string): void {
    if (!this.takes(sign)) this.fail();
  }

  get isAtEnd(): boolean {
    return this.at >= this.words.length;
  }

  fail(): never {
    const word = this.words[this.at];
    throw new MalformedQueryError(word ? `mismatched input '${word.value}'` : "mismatched input '<EOF>'");
  }
}
