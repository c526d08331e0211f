import { listFaults } from '../../../drill/cloud/faults/registry';
import { scenarioShape } from '../../../drill/scenario/schema';
import { scenarioFormatPage } from '../../../tools/docs/scenario-format';

const page = scenarioFormatPage();
/** The cells of each row of the tables of fields. */
const fields = page
  .slice(0, page.indexOf('## Faults'))
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split(/(?<!\\)\|/).map((text) => text.trim()));

test('every field of a scenario is there, with what it says', () => {
  expect(fields.map(([, name]) => name)).toEqual(
    expect.arrayContaining(Object.keys(scenarioShape.shape).map((name) => `\`${name}\``)),
  );
  expect(fields.length).toBeGreaterThan(80);
  expect(fields.filter(([, , , , meaning]) => meaning === '')).toEqual([]);
});

test('objects in lists and in choices have tables of their own', () => {
  expect(page).toContain('### `fleet[].symptoms[]`');
  expect(page).toContain('### `starts { by: alarm-state }`');
  expect(page).toMatch(/\| `heals` +\| `on-restart`, `on-reboot`, .*\| `"on-reboot"` +\| What ends it/);
});

test('every fault is there with its parameters', () => {
  for (const { name } of listFaults()) expect(page).toContain(`| \`${name}\` `);
  expect(page).toContain('`seconds`: number (default `40`)');
});
