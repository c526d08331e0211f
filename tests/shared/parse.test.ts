import { parseOutside, parseWith, withoutNulls } from '../../functions/shared/parse';
import * as z from '../../functions/shared/schema';

const schema = z.object({
  name: z.optional(z.string()),
  count: z.optional(z.number()),
  whole: z.optional(z.int()),
  isOn: z.optional(z.boolean()),
  list: z.optional(z.array(z.object({ id: z.string() })).check(z.maxLength(2))),
  inner: z.optional(z.strictObject({ id: z.string() })),
  side: z.optional(z.enum(['high', 'low'])),
  short: z.optional(z.string().check(z.maxLength(3), z.minLength(2))),
  percent: z.optional(z.number().check(z.lte(100), z.gte(1))),
  account: z.optional(z.matching(/^\d{12}$/, 'an account ID')),
  prefixed: z.optional(z.string().check(z.startsWith('arn:'))),
  either: z.optional(z.union([z.string(), z.number()])),
  made: z.optional(z.string().check(z.refine((text) => text === 'yes', 'the word yes'))),
  byKey: z.optional(z.record(z.string(), z.number())),
});

test.each<[unknown, string]>([
  ['text', 'input: expected an object'],
  [{ name: 1 }, 'input.name: expected text'],
  [{ count: 'one' }, 'input.count: expected a number'],
  [{ whole: 1.5 }, 'input.whole: expected a whole number'],
  [{ isOn: 'yes' }, 'input.isOn: expected true or false'],
  [{ list: {} }, 'input.list: expected a list'],
  [{ list: [{ id: 'a' }, { id: 1 }] }, 'input.list[1].id: expected text'],
  [{ list: [{ id: 'a' }, { id: 'b' }, { id: 'c' }] }, 'input.list: expected at most 2 entries'],
  [{ inner: { id: 'a', more: 1 } }, 'input.inner: has unknown fields'],
  [{ side: 'up' }, 'input.side: expected one of high, low'],
  [{ short: 'long' }, 'input.short: expected at most 3 characters'],
  [{ short: 'a' }, 'input.short: expected at least 2 characters'],
  [{ percent: 101 }, 'input.percent: expected at most 100'],
  [{ percent: 0 }, 'input.percent: expected at least 1'],
  [{ account: '1' }, 'input.account: expected an account ID'],
  [{ prefixed: 'urn:x' }, 'input.prefixed: expected text that begins with arn:'],
  [{ either: true }, 'input.either: expected text, or a number'],
  [{ made: 'no' }, 'input.made: expected the word yes'],
  // A key of the data is shown as a question mark, and never the value.
  [{ byKey: { secret: 'value' } }, 'input.byKey.?: expected a number'],
])('%j: %s', (value, message) => {
  expect(() => parseWith(schema, value, 'input')).toThrow(
    expect.objectContaining({ name: 'InvalidInputError', message, field: message.split(':')[0] }),
  );
});

test('what is valid comes back as the schema says', () => {
  expect(parseWith(schema, { name: 'a', unknown: 1 }, 'input')).toEqual({ name: 'a' });
});

test('fields that are null are left out of input from outside, at any depth', () => {
  expect(withoutNulls({ a: null, b: [{ c: null, d: 0 }, null], e: '' })).toEqual({ b: [{ d: 0 }, null], e: '' });
  expect(parseOutside(schema, { name: null, count: 1 }, 'input')).toEqual({ count: 1 });
  expect(() => parseWith(schema, { name: null }, 'input')).toThrow('input.name: expected text');
});
