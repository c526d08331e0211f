import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { instance } from '@viz-js/viz';
import { PlaybookError } from '../../functions/shared/errors';
import rooms from '../imports/rooms.json';
import { forbidden } from '../imports/rules';
import { type RoomImport, roomImports, roomNames } from './imports';
import { cell, code, listed, table } from './markdown';
import type { Playbook } from './playbook';
import { functionIdOf } from './states';
import subjects from './subjects.json';

/** A folder of functions has no line in tools/docs/subjects.json, or a line has no folder. */
export class SubjectError extends PlaybookError {}

/** One step on the path from an alarm to its record. */
interface Step {
  name: string;
  purpose: string;
  /** From the project folder. */
  file: string;
}

/** The architecture page and its picture, by their paths from the project folder. */
export async function architecture(root: string, playbooks: readonly Playbook[]): Promise<[string, string][]> {
  const restart = playbooks.find(({ name }) => name === 'restart-instance');
  if (!restart) throw new RangeError('there is no playbook named restart-instance');
  const steps = stepsOf(restart);
  const viz = await instance();
  const dot = toDot(await roomImports(root), steps);
  return [
    ['docs/architecture.md', pageOf(root, restart, steps)],
    ['docs/images/architecture.svg', `${viz.renderString(dot, { format: 'svg' }).trimEnd()}\n`],
  ];
}

/** The resources before the machine's first step and after its last one. */
const before: Step[] = [
  { name: 'CloudWatch', purpose: 'An alarm goes into ALARM.', file: 'resources/alarms.yml' },
  {
    name: 'EventBridge',
    purpose: 'The rule for the alarm’s name prefix starts the machine.',
    file: 'resources/rules.yml',
  },
  {
    name: 'Step Functions',
    purpose: 'The state machine runs the following steps.',
    file: 'statemachines/restart-instance.asl.yml',
  },
];
const after: Step[] = [
  { name: 'DynamoDB', purpose: 'The record and its timeline are kept.', file: 'functions/record/store.ts' },
];

/** The alarm's path in the drill of the playbook's page: each file once, in the order of first use. */
function stepsOf({ machine, resources, measured }: Playbook): Step[] {
  const states = new Map(machine.states.map((state) => [state.name, state]));
  const taken = [...new Set(measured.path)].flatMap((name): Step[] => {
    const state = states.get(name);
    const id = state && functionIdOf(state);
    const handler = resources.find(({ logicalId }) => logicalId === id)?.properties.Handler;
    return state && handler ? [{ name, purpose: state.Comment, file: fileOf(String(handler)) }] : [];
  });
  return [...before, ...taken, ...after];
}

const fileOf = (handler: string) => handler.replace(/\.handler$/, '.ts');

function pageOf(root: string, { name, measured }: Playbook, steps: readonly Step[]): string {
  const blocks = [
    '# Architecture',
    '<!-- Made by `npm run docs` from tools/imports/, tools/docs/subjects.json, the machine and a drill of it -->',
    'An alarm starts a state machine, and every step is a small Lambda function. A drill runs the same machine and steps against a simulated cloud.',
    '![The import rules of the folders, and the path of one alarm](images/architecture.svg)',
    '## Folders',
    table(['folder', 'contents', 'may import'], roomRows()),
    `\`npm run check:imports\` checks these rules, which are defined in [tools/imports/rules.js](../tools/imports/rules.js):`,
    table(
      ['rule', 'reason'],
      forbidden
        .filter(({ name: rule }) => !rule.endsWith('-only-rooms-below'))
        .map((rule) => [code(rule.name), cell(rule.comment)]),
    ),
    '## Subjects',
    'Decisions are pure functions, separate from the handlers that call AWS.',
    table(['folder', 'what it does'], subjectRows(root)),
    '## The path of one alarm',
    `From the event to the record, in the drill \`${measured.scenario ?? name}\` of [${name}](playbooks/${name}.md), without Choice and Wait states.`,
    table(
      ['step', 'what happens', 'file'],
      steps.map((step) => [step.name, cell(step.purpose), `[${step.file}](../${step.file})`]),
    ),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function roomRows(): string[][] {
  return roomNames.map((name) => {
    const { about, imports } = rooms[name];
    return [`[${name}/](../${name}/)`, about, listed(imports) || 'no other folder'];
  });
}

/** @throws SubjectError */
function subjectRows(root: string): string[][] {
  const folders = readdirSync(join(root, 'functions'), { withFileTypes: true }).filter((one) => one.isDirectory());
  const missing = folders.filter(({ name }) => !(name in subjects)).map(({ name }) => name);
  const gone = Object.keys(subjects).filter((name) => !folders.some((folder) => folder.name === name));
  if (missing.length + gone.length > 0)
    throw new SubjectError(`tools/docs/subjects.json and functions/ differ: ${[...missing, ...gone].join(', ')}`);
  return Object.entries(subjects).map(([name, about]) => [`[functions/${name}/](../functions/${name}/)`, about]);
}

const quote = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;
const ink = '#475569';

/** The folders with their imports, and the alarm's path with its files grouped by folder, as Graphviz text. */
function toDot(imports: readonly RoomImport[], steps: readonly Step[]): string {
  const nodes = roomNames.map((name) => quote(name));
  const arrows = imports.map(
    ({ from, to, isUsed }) => `${quote(from)} -> ${quote(to)} [style=${isUsed ? 'solid' : 'dashed'}]`,
  );
  const stops = stopsOf(steps);
  const way = stops.map(
    ({ folder, files }, i) =>
      `${quote(`stop ${i}`)} [label=${quote([folder, ...files].join('\n')).replaceAll('\n', '\\n')}]`,
  );
  const walk = stops.slice(1).map((_, i) => `${quote(`stop ${i}`)} -> ${quote(`stop ${i + 1}`)}`);
  const cluster = (name: string, label: string, lines: readonly string[]) =>
    [
      `subgraph cluster_${name} {`,
      `  label=${quote(label)} fontname="Helvetica" fontsize=12 color="#cbd5e1" style=rounded`,
      ...lines.map((line) => `  ${line}`),
      '}',
    ].map((line) => `  ${line}`);
  return [
    'digraph architecture {',
    '  rankdir=TB nodesep=0.3 ranksep=0.18 bgcolor=transparent',
    `  node [shape=box style="rounded,filled" fontname="Helvetica" fontsize=10 margin="0.25,0.06" height=0.3 color="${ink}" fillcolor="#f8fafc"]`,
    `  edge [color="${ink}" arrowsize=0.6]`,
    ...cluster('rooms', 'Imports (dashed: allowed, not used)', [...nodes, ...arrows]),
    ...cluster('way', 'The path of one alarm', [...way, ...walk]),
    '}',
    '',
  ].join('\n');
}

/** Consecutive steps of one folder, as one stop with its files. */
function stopsOf(steps: readonly Step[]): { folder: string; files: string[] }[] {
  const stops: { folder: string; files: string[] }[] = [];
  for (const { file } of steps) {
    const at = file.lastIndexOf('/');
    const folder = file.slice(0, at);
    if (stops.at(-1)?.folder !== folder) stops.push({ folder, files: [] });
    const { files } = stops.at(-1)!;
    if (!files.includes(file.slice(at + 1))) files.push(file.slice(at + 1));
  }
  return stops;
}
