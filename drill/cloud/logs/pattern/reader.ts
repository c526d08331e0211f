import { type Operator, operators, type Wanted } from './compare';
import { FilterPatternError } from './error';

/** Reads a pattern from left to right. */
export class Reader {
  private at = 0;
  regexes = 0;

  constructor(private readonly text: string) {}

  /** Takes the text if it comes next, whatever blanks are before it. */
  takes(text: string): boolean {
    this.skip();
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  /** Takes what an expression matches here. */
  take(expression: RegExp): RegExpExecArray | undefined {
    this.skip();
    const found = new RegExp(expression.source, `${expression.flags}y`);
    found.lastIndex = this.at;
    const match = found.exec(this.text);
    if (match) this.at += match[0].length;
    return match ?? undefined;
  }

  get isAtEnd(): boolean {
    this.skip();
    return this.at >= this.text.length;
  }

  operator(): Operator | undefined {
    return operators.find((one) => this.takes(one));
  }

  /** A value after an operator: quoted, a regular expression, or plain. @throws FilterPatternError */
  value(plain: RegExp): Wanted {
    const quoted = this.take(/"((?:[^"\\]|\\.)*)"/);
    if (quoted) return { text: quoted[1]!.replace(/\\(.)/g, '$1'), form: 'quoted' };
    const regex = this.take(/%([^%]*)%/);
    if (regex) {
      this.regexes += 1;
      return { text: regex[1]!, form: 'regex' };
    }
    const found = this.take(plain);
    if (found) return { text: found[0], form: 'plain' };
    throw this.unexpected();
  }

  unexpected(): FilterPatternError {
    const rest = this.text.slice(this.at, this.at + 40);
    return new FilterPatternError(rest === '' ? 'The pattern ends too early.' : `"${rest}" is not understood.`);
  }

  private skip(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at += 1;
  }
}
