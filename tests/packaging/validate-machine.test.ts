import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import validate from 'asl-validator';
import { validateMachine } from '../../packaging/validate-machine';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'validated-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const step = { Type: 'Pass', Next: 'All' };
const inner = { StartAt: 'One', States: { One: { Type: 'Succeed' } } };
const all = {
  Type: 'Parallel',
  Branches: [inner, { StartAt: 'Two', States: { Two: { Type: 'Pass', End: true } } }],
  End: true,
};
const machine = (more: object = {}) =>
  structuredClone({ StartAt: 'First', States: { First: step, All: all }, ...more });

test('a definition is validated once, and one that differs anew', () => {
  const check = jest.fn(validate);

  for (const Comment of ['a', 'a', 'b', 'a'])
    expect(validateMachine(machine({ Comment }), folder, check)).toBeUndefined();

  expect(check.mock.calls.map(([definition]) => (definition as { Comment?: string }).Comment)).toEqual(['a', 'b']);
});

test.each([{}, { QueryLanguage: 'JSONata' }])('the second time leaves it as the first, with %j', (more) => {
  const [first, second] = [machine(more), machine(more)];

  for (const definition of [first, second]) validateMachine(definition, folder);

  expect(JSON.stringify(second)).toBe(JSON.stringify(first));
  expect(JSON.stringify(first)).toMatch(/"Type":"Succeed","QueryLanguage":"JSON(Path|ata)"/);
});

test('one that is not valid is refused with the reason, each time', () => {
  const States = { First: { Type: 'Pass', Next: 'Nowhere' } };

  for (let i = 0; i < 2; i++) expect(validateMachine({ StartAt: 'First', States }, folder)).toContain('Nowhere');
  expect(readdirSync(folder)).toEqual([]);
});
