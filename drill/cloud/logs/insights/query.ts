import { UnmodelledInputError } from '../../errors';
import { MalformedQueryError } from './error';
import { type Row, readCondition } from './expression';
import { parsingRegex } from './regex';
import { readStats } from './stats';
import { type Word, Words, wordsOf } from './words';

export { MalformedQueryError } from './error';
export type { Row } from './expression';

/** Takes the rows of the command before, and gives its own. */
export type Step = (rows: readonly Row[]) => readonly Row[];

export interface Query {
  /** @returns the rows, each with the fields that the query shows, in order */
  run(events: readonly Row[]): readonly Row[];
}

/** Source: CloudWatch Logs API reference, StartQuery, queryString and limit. */
const mostCharacters = 10_000;
const mostRows = 10_000;
const usualFields = ['@timestamp', '@message'];

/**
 * Parses a query of Logs Insights as far as it is used here: fields, filter, parse with a regular expression, stats, sort
 * and limit.
 * Source: CloudWatch Logs user guide, "CloudWatch Logs Insights language query syntax".
 * @throws MalformedQueryError for what AWS refuses, UnmodelledInputError for what is not modelled
 */
export function parseQuery(text: string, limit = mostRows): Query {
  if (text.length > mostCharacters) throw new MalformedQueryError('The query is too long.');
  const commands = commandsOf(wordsOf(text));
  const steps: Step[] = [];
  let shown = usualFields;
  let isLimited = false;
  for (const [name = '', ...rest] of commands.map((words) => [words[0]?.value, new Words(words.slice(1))] as const)) {
    const words = rest[0]!;
    if (name === 'fields' || name === 'display') shown = readNames(words);
    else if (name === 'filter') steps.push(filtering(words));
    else if (name === 'parse') steps.push(parsing(words));
    else if (name === 'sort') steps.push(sorting(words));
    else if (name === 'limit') {
      const count = readLimit(words);
      isLimited = true;
      steps.push((rows) => rows.slice(0, count));
    } else if (name === 'stats') {
      const stats = readStats(words);
      shown = stats.shown;
      steps.push(stats.step);
    } else if (/^(dedup|unnest|pattern|diff|unmask|anomaly|filterIndex|source|join|lookup)$/i.test(name))
      throw new UnmodelledInputError(`The command ${name} of Logs Insights is not modelled.`);
    else throw new MalformedQueryError(`unexpected symbol found ${name}`);
    if (!words.isAtEnd) words.fail();
  }
  const names = shown;
  return {
    run(events) {
      const rows = steps.reduce<readonly Row[]>((found, step) => step(found), events);
      return (isLimited ? rows : rows.slice(0, limit)).map((row) =>
        Object.fromEntries(names.map((name) => [name, row[name]])),
      );
    },
  };
}

function commandsOf(words: readonly Word[]): Word[][] {
  const commands: Word[][] = [[]];
  for (const word of words) {
    if (word.kind === 'sign' && word.value === '|') commands.push([]);
    else commands.at(-1)!.push(word);
  }
  if (commands.some((command) => command.length === 0)) throw new MalformedQueryError("mismatched input '|'");
  return commands;
}

function readNames(words: Words): string[] {
  const names: string[] = [];
  do names.push(words.need('name'));
  while (words.takes(','));
  return names;
}

function filtering(words: Words): Step {
  const holds = readCondition(words);
  return (rows) => rows.filter(holds);
}

function parsing(words: Words): Step {
  const field = words.need('name');
  const expression = parsingRegex(words.need('regex'));
  return (rows) => rows.map((row) => ({ ...row, ...(expression.exec(row[field] ?? '')?.groups ?? {}) }));
}

function sorting(words: Words): Step {
  const field = words.need('name');
  const isDown = words.takes('desc') || !words.takes('asc');
  const sign = isDown ? -1 : 1;
  const compare = (a = '', b = '') =>
    a !== '' && b !== '' && !Number.isNaN(Number(a)) && !Number.isNaN(Number(b))
      ? Number(a) - Number(b)
      : a < b
        ? -1
        : a > b
          ? 1
          : 0;
  return (rows) => [...rows].sort((a, b) => sign * compare(a[field], b[field]));
}

function readLimit(words: Words): number {
  const count = Number(words.need('number'));
  if (!Number.isInteger(count) || count < 1 || count > mostRows)
    throw new MalformedQueryError(`limit must be from 1 to ${mostRows}`);
  return count;
}
