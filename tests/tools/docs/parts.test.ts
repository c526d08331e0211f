import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseParts, readParts } from '../../../tools/docs/parts';

/** A project that has the two files of one playbook. */
function project(yml: string, md: string): string {
  const root = mkdtempSync(join(tmpdir(), 'parts-'));
  const folder = join(root, 'docs', 'playbooks', 'parts');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'greet.yml'), yml);
  writeFileSync(join(folder, 'greet.md'), md);
  return root;
}

test('what is written by hand is kept as it is', () => {
  const root = project('manualStart: {}\nmeasure: cpu-high-restart\n', '## Why\n\nBecause.\n');

  expect(readParts(root, 'greet')).toEqual({
    manualStart: {},
    measure: 'cpu-high-restart',
    tests: [],
    prose: '## Why\n\nBecause.',
  });
});

test('a playbook without its files is refused with their name', () => {
  expect(() => readParts(project('', ''), 'wave')).toThrow('docs/playbooks/parts/wave.md: every playbook needs');
});

test('a drill of its own becomes a scenario', () => {
  const parts = parseParts('manualStart: {}\nmeasure: { playbook: patrol-fleet, watch: true }\n', 'patrol-fleet.yml');

  expect(parts.measure).toMatchObject({ name: 'patrol-fleet', playbook: 'patrol-fleet', watch: true, mode: 'act' });
});

test.each([
  ['manualStart: {}\n', /^x\.yml: measure: /],
  ['manualStart: kim\nmeasure: a\n', /^x\.yml: manualStart: /],
  ['manualStart: {}\nmeasure: { minutes: 3 }\n', /^x\.yml: measure\./],
  ['manualStart: {}\nmeasure: {\n', /^x\.yml:\d+:\d+: /],
])('what is wrong is refused with its file and field (%j)', (text, message) => {
  expect(() => parseParts(text, 'x.yml')).toThrow(message);
});
