import { UnmodelledInputError } from '../../../drill/cloud';
import { FilterPatternError, parsePattern } from '../../../drill/cloud/logs/pattern';

const matches = (pattern: string, message: string) => parsePattern(pattern).match(message) !== undefined;
const json = (value: object) => JSON.stringify(value);

describe('terms', () => {
  it.each([
    ['ERROR', '[ERROR 400] BAD REQUEST', true],
    ['ERROR', 'ERRORCODE 3', true],
    ['ERROR', '[error] small letters', false],
    ['ERROR ARGUMENTS', 'ARGUMENTS first, ERROR second', true],
    ['ERROR ARGUMENTS', 'ERROR alone', false],
    ['ERROR -ARGUMENTS', 'ERROR with ARGUMENTS', false],
    ['ERROR -ARGUMENTS', 'ERROR by itself', true],
    ['?ERROR ?ARGUMENTS', 'ARGUMENTS only', true],
    ['?ERROR ?ARGUMENTS', 'neither', false],
    ['"INTERNAL SERVER ERROR"', 'an INTERNAL SERVER ERROR', true],
    ['"INTERNAL SERVER ERROR"', 'INTERNAL ERROR of a SERVER', false],
    ['" "', 'anything', true],
    ['', 'anything', true],
    ['%AUTHORIZED [0-9]+%', 'UNAUTHORIZED 401', true],
    ['%^AUTHORIZED%', 'UNAUTHORIZED', false],
    ['?"Failed password" ?"Invalid user"', 'sshd[3]: Invalid user x from 203.0.113.9 port 4', true],
  ])('%s of "%s": %s', (pattern, message, expected) => expect(matches(pattern, message)).toBe(expected));
});

describe('JSON', () => {
  const event = json({
    eventName: 'StopLogging',
    userIdentity: { type: 'Root', invokedBy: null },
    responseElements: { ok: true },
    bytes: 1200,
    list: ['a', 'b'],
  });
  it.each([
    ['{ $.eventName = "StopLogging" }', true],
    ['{ $.eventName = StopLogging }', true],
    ['{ $.eventName = "stoplogging" }', false],
    ['{ $.eventName = "*Logging" }', true],
    ['{ $.eventName != "StartLogging" }', true],
    ['{ $.missing != "x" }', false],
    ['{ $.missing NOT EXISTS }', true],
    ['{ $.eventName NOT EXISTS }', false],
    ['{ $.userIdentity.invokedBy IS NULL }', true],
    ['{ $.responseElements.ok IS TRUE && $.bytes > 1000 }', true],
    ['{ $.responseElements.ok IS FALSE || $.bytes >= 1.3e3 }', false],
    ['{ ($.bytes < 5 || $.eventName = "Stop*") && $.userIdentity.type = "Root" }', true],
    ['{ $.eventName = "x" || $.eventName = "StopLogging" && $.bytes < 5 }', false],
    ['{ $.list[1] = "b" }', true],
    ['{ $.eventName = %^Stop[A-Z][a-z]+$% }', true],
  ])('%s: %s', (pattern, expected) => expect(matches(pattern, event)).toBe(expected));

  it('matches no line that is not JSON', () => expect(matches('{ $.a NOT EXISTS }', 'plain text')).toBe(false));

  it('gives the values of its selectors', () =>
    expect(parsePattern('{ $.eventName = "Stop*" && $.bytes > 1 }').match(event)).toEqual({
      '$.eventName': 'StopLogging',
      '$.bytes': '1200',
    }));
});

describe('space-delimited', () => {
  const line = '2 123456789012 eni-0a1b2c3d 203.0.113.9 10.0.0.5 40000 22 6 1 40 1772442000 1772442060 REJECT OK';
  it.each([
    ['[version, account, eni, src, dst, sport, dport, proto, packets, bytes, start, end, action=REJECT, status]', true],
    ['[..., action=REJECT, status]', true],
    ['[..., action=ACCEPT, status]', false],
    ['[version=2, ...]', true],
    ['[version=2, account, ..., action = "REJ*", status = OK]', true],
    ['[version, action=REJECT]', false],
    ['[version, account, eni, src, dst, sport, dport=22 || dport=3389, ...]', true],
    ['[version, account, eni, src, dst, sport, dport>22 && dport<100, ...]', false],
    ['[version, account, eni, src=203.0.*, ...]', true],
  ])('%s: %s', (pattern, expected) => expect(matches(pattern, line)).toBe(expected));

  it('takes quoted and bracketed text for one field', () =>
    expect(
      parsePattern('[ip, user, time, request, code]').match('127.0.0.1 - [10/Oct/2000 13:25] "GET / HTTP/1.0" 200'),
    ).toEqual({
      $ip: '127.0.0.1',
      $user: '-',
      $time: '10/Oct/2000 13:25',
      $request: 'GET / HTTP/1.0',
      $code: '200',
    }));
});

it.each([
  ['an EXISTS, which there is not', '{ $.x EXISTS }'],
  ['an IS NOT, which there is not', '{ $.x IS NOT NULL }'],
  ['a comparison without a value', '{ $.x = }'],
  ['an open parenthesis', '{ ($.x = "a" }'],
  ['something after the end', '{ $.x = "a" } b'],
  ['an unclosed brace', '{ $.x = "a"'],
  ['a selector without a dollar', '{ x = "a" }'],
  ['one ampersand', '{ $.x = "a" & $.y = "b" }'],
  ['text as a number', '{ $.x > "a" }'],
  ['punctuation without quotation marks', 'Failed: password'],
  ['an unclosed quotation', '"Failed password'],
  ['two ellipses', '[..., a, ...]'],
  ['an unclosed bracket', '[a, b'],
  ['a field without a name', '[a, =REJECT]'],
  ['two names of one field', '[a=1 || b=2]'],
  ['parentheses in a regular expression', '%(a|b)%'],
  ['more than 1,024 characters', `"${'x'.repeat(1023)}"`],
  ['three regular expressions', '{ $.a = %x% || $.b = %x% || $.c = %x% }'],
])('refuses %s', (_what, pattern) => expect(() => parsePattern(pattern)).toThrow(FilterPatternError));

it.each([
  ['terms with question marks beside others, which CloudWatch Logs ignores', 'ERROR ?ARGUMENTS'],
  ['terms with question marks beside excluded ones', '?ERROR -ARGUMENTS'],
  ['a wildcard in a selector', '{ $.list[*] = "a" }'],
])('does not guess at %s', (_what, pattern) => expect(() => parsePattern(pattern)).toThrow(UnmodelledInputError));

it('takes 1,024 characters', () => expect(() => parsePattern(`"${'x'.repeat(1022)}"`)).not.toThrow());
