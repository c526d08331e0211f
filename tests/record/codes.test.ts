import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Code, codeSchema, codeTable, factsOf, isCode, isGuardRefusal } from '../../functions/record/codes';
import { codeOf } from '../../functions/record/conclude';
import { errorCodes } from '../../functions/record/error-codes';
import { bundleText } from '../../tools/template/bundle';

const codes = [...codeTable().keys()];

const filesOf = (folder: string, ending: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => ({ file: join(folder, file), text: readFileSync(join(folder, file), 'utf8') }));

const sources = filesOf('functions', '.ts').filter(({ file }) => !file.endsWith('record/codes.ts'));
const template = filesOf('tools/new-playbook/template', '.txt');
const machines = [...filesOf('statemachines', '.yml'), ...filesOf('tools/new-playbook/template', '.yml')];
const allText = [...sources, ...template].map(({ text }) => text).join('\n');

/** Names of errors that the code throws, or that machines try again: what a failure can be called. */
const errorNames = [
  ...[...allText.matchAll(/class (\w+Error) extends PlaybookError/g)].map(([, name = '']) => name),
  ...machines
    .flatMap(({ text }) => [...text.matchAll(/- ((?:Lambda|Sandbox|Runtime|States)\.\w+)$/gm)])
    .map(([, name = '']) => name),
  ...['States.TaskFailed', 'States.Runtime', 'States.DataLimitExceeded'],
];

test('every code of the catalogue is said by some step, by the name of an error, or by the template', () => {
  const ofErrors = new Set(errorNames.map(codeOf));
  const isSaid = (code: Code) =>
    new RegExp(`'${code}'|^ +${code}: \\{$`, 'm').test(allText) ||
    ofErrors.has(code) ||
    machines.some(({ text }) => text.includes(`code: ${code}`));
  // These are made of a word and its action or subject.
  const composed = codes.filter((code) => code.startsWith('would-'));

  expect(codes.filter((code) => !isSaid(code) && !composed.includes(code))).toEqual([]);
});

test('every code that a machine or the template writes by itself is one of the catalogue', () => {
  const written = [...machines, ...template].flatMap(({ text }) =>
    [...text.matchAll(/^ +code: (\S+)$|\bcode: '([a-z-]+)'/gm)].map(([, code, quoted]) => code ?? quoted ?? ''),
  );

  expect(written.length).toBeGreaterThan(0);
  expect(written.filter((code) => !isCode(code))).toEqual([]);
});

test('every code is said by steps that there are', () => {
  const steps = [...allText.matchAll(/\bstep\(\s*'([a-z-]+)'/g)].map(([, name]) => name);
  const elsewhere = ['a new playbook'];
  const speakers = [...codeTable().values()].flatMap(({ by }) => by.split(', '));

  expect(steps.length).toBeGreaterThan(40);
  expect(speakers.filter((name) => !steps.includes(name) && !elsewhere.includes(name))).toEqual([]);
});

test('a guard that says no is counted as one, whichever playbook it guards', () => {
  const guards = ['quarantined', 'held', 'not-running', 'no-interface', 'too-wide', 'reserved-range', 'own-range'];

  expect((guards as Code[]).filter((code) => !isGuardRefusal(code))).toEqual([]);
  expect((['alarm-recovered', 'score-veto', 'denied', 'throttled'] as const).filter(isGuardRefusal)).toEqual([]);
});

test('an error that no code names gives the one code for that, and one that stands for a rule gives the rule’s', () => {
  expect(codeOf('TypeError')).toBe('step-failed');
  expect(codeOf('ProtectedInstanceError')).toBe('protected');
  expect(codeOf('NotOursError')).toBe('stopped-by-others');
});

test('a code that this release does not list passes as it is, and nothing sets it apart', () => {
  const former = codeSchema.parse('of-another-release');

  expect(former).toBe('of-another-release');
  expect(isCode(former)).toBe(false);
  expect(isCode('toString')).toBe(false);
  expect(factsOf(former)).toEqual({});
  expect(factsOf('toString' as Code)).toEqual({});
});

test('the words of the guide are deployed only with the steps that name errors by it', async () => {
  const { text } = await bundleText("export { codeSchema, factsOf } from './functions/record/codes';");

  expect(text).toContain('GuardRefusals');
  expect(text).not.toContain('restarting has not helped');
  expect(text).not.toContain(codeTable().get('throttled')!.todo);
});

test('every code that the catalogue has for a failed step is known as one of an error', () => {
  const failed = [...codeTable()].filter(([, { by }]) => by === 'close-incident, record-rejection');

  expect(failed.map(([code]) => code).filter((code) => !errorCodes.includes(code) && !isGuardRefusal(code))).toEqual(
    [],
  );
  expect(errorCodes.filter((code) => !isCode(code))).toEqual([]);
});
