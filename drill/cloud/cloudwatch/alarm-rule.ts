import type { StateValue } from '@aws-sdk/client-cloudwatch';
import { InvalidInputError } from '../../../functions/shared/errors';

/** What a composite alarm's rule asks of the state of other alarms. */
export interface AlarmRule {
  /** Names or ARNs of the alarms the rule mentions. */
  readonly children: readonly string[];
  holds(stateOf: (alarm: string) => StateValue | undefined): boolean;
}

type Node = (stateOf: (alarm: string) => StateValue | undefined) => boolean;

const TOKEN =
  /\s*(?:(AND|OR|NOT|TRUE|FALSE)\b|(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]*)"|'([^']*)'|([^\s()"']+))\s*\)|([()]))/y;

interface Token {
  readonly word?: string;
  readonly state?: StateValue;
  readonly alarm?: string;
}

/** Parses a composite alarm's rule. Source: CloudWatch API reference, PutCompositeAlarm, AlarmRule. @throws InvalidInputError. */
export function parseAlarmRule(text: string): AlarmRule {
  const tokens = tokenize(text);
  const children: string[] = [];
  let position = 0;
  const take = (word: string) => tokens[position]?.word === word && ++position > 0;

  const primary = (): Node => {
    if (take('NOT')) {
      const inner = primary();
      return (stateOf) => !inner(stateOf);
    }
    if (take('(')) {
      const inner = either();
      if (!take(')')) throw new InvalidInputError('AlarmRule', `a ')' is missing in "${text}"`);
      return inner;
    }
    if (take('TRUE')) return () => true;
    if (take('FALSE')) return () => false;
    const token = tokens[position];
    if (token?.alarm === undefined) throw new InvalidInputError('AlarmRule', `an alarm is missing in "${text}"`);
    position += 1;
    children.push(token.alarm);
    return (stateOf) => stateOf(token.alarm!) === token.state;
  };
  const chain = (operator: string, next: () => Node, join: (a: boolean, b: () => boolean) => boolean) => (): Node => {
    let left = next();
    while (take(operator)) {
      const before = left;
      const right = next();
      left = (stateOf) => join(before(stateOf), () => right(stateOf));
    }
    return left;
  };
  const both = chain('AND', primary, (a, b) => a && b());
  const either = chain('OR', both, (a, b) => a || b());

  const root = either();
  if (position < tokens.length) throw new InvalidInputError('AlarmRule', `"${text}" does not end where it should`);
  return { children, holds: root };
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  while (pattern.lastIndex < text.trimEnd().length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match) throw new InvalidInputError('AlarmRule', `unexpected text at position ${at + 1} of "${text}"`);
    const [, word, state, double, single, bare, bracket] = match;
    if (state) tokens.push({ state: state as StateValue, alarm: double ?? single ?? bare ?? '' });
    else tokens.push({ word: word ?? bracket ?? '' });
  }
  return tokens;
}
