import { frozen, madeOnce } from '../../../drill/stack/frozen';

test('frozen data cannot be changed at any depth', () => {
  const data = frozen({ list: [{ name: 'as it was' }] });

  expect(() => {
    data.list[0]!.name = 'changed';
  }).toThrow(TypeError);
  expect(() => data.list.push({ name: 'more' })).toThrow(TypeError);
});

test('of frozen data something is made once, of data that may still change each time', () => {
  const count = madeOnce(({ names }: { names: string[] }) => ({ size: names.length }));
  const [kept, open] = [frozen({ names: ['one'] }), { names: ['one'] }];

  expect(count(kept)).toBe(count(kept));
  expect(count(open)).toEqual({ size: 1 });
  open.names.push('two');
  expect(count(open)).toEqual({ size: 2 });
});
