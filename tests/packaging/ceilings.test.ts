import { join } from 'node:path';
import { stringify } from 'yaml';
import { ceilings } from '../../packaging/ceilings';
import { readMachines } from '../../packaging/read-machines';

const machines = [...readMachines(join(__dirname, '../..'))].map(([machine, whole]) => ({
  machine,
  text: stringify(whole, { aliasDuplicateObjects: false }),
}));
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = '']) => found);
const holdsLease = (text: string) => /(TakeLease|HoldInstance)LambdaFunction/.test(text);
const asks = (text: string) => [...new Set(all(text, /TimeoutSeconds: \$\{param:(\w+)\}/g))];

test('every machine that holds a lease or asks a person is known', () => {
  const found = machines.filter(({ text }) => holdsLease(text) || asks(text).length > 0).map(({ machine }) => machine);

  expect(ceilings.map(({ machine }) => machine).sort()).toEqual(found.sort());
});

test.each(ceilings)('$machine is known as its definition says', ({ machine, ...known }) => {
  const { text } = machines.find((one) => one.machine === machine)!;
  const ownCeilings = [...new Set(all(text, /ceilingSeconds: (\d+)/g))].map(Number);

  expect(all(text, /^TimeoutSeconds: (\d+)$/gm)).toEqual([String(known.seconds)]);
  expect(asks(text)).toEqual(known.asks);
  expect(holdsLease(text)).toBe(known.holdsLease);
  expect(known.restSeconds).toBeGreaterThanOrEqual(ownCeilings.reduce((sum, one) => sum + one, 0));
});
