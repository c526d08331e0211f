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

/** One step of the way from an alarm to its record. */
interface Step {
  name: string;
  purpose: string;
  /** From the project folder. */
  file: string;
}

/** The page of rooms and of the way of one alarm, and its picture, by their paths from the project folder. */
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

/** What comes before the machine's first step and after its last one; both are resources, not steps. */
const before: Step[] = [
  { name: 'CloudWatch', purpose: 'An alarm changes to ALARM.', file: 'resources/alarms.yml' },
  {
    name: 'EventBridge',
    purpose: 'The rule for the prefix of its name starts the machine.',
    file: 'resources/rules.yml',
  },
  {
    name: 'Step Functions',
    purpose: 'The machine takes the steps that follow.',
    file: 'statemachines/restart-instance.asl.yml',
  },
];
const after: Step[] = [
  { name: 'DynamoDB', purpose: 'The record with its timeline remains.', file: 'functions/record/store.ts' },
];

/** The way of the alarm in the drill that the playbook's page is counted in: each file once, in the order of its first turn. */
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
    'An alarm walks through a state machine; every step is a small Lambda function; a drill runs the very same machine and steps against a simulated cloud.',
    '![Which room may import which, and the way of one alarm](images/architecture.svg)',
    '## Rooms',
    table(['folder', 'contents', 'may import'], roomRows()),
    `\`npm run check:imports\` checks these rules; they stand in [tools/imports/rules.js](../tools/imports/rules.js):`,
    table(
      ['rule', 'reason'],
      forbidden
        .filter(({ name: rule }) => !rule.endsWith('-only-rooms-below'))
        .map((rule) => [code(rule.name), cell(rule.comment)]),
    ),
    '## Subjects',
    'What decides is a pure function beside the handler that calls AWS.',
    table(['folder', 'what it does'], subjectRows(root)),
    '## The path of one alarm',
    `From the event to the record, in the drill \`${measured.scenario ?? name}\` of [${name}](playbooks/${name}.md). Choices and waits are left out.`,
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

/** The rooms with their imports, and the way of the alarm with the files of each folder together, as Graphviz text. */
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

/** Steps that follow each other in one folder, as one stop with its files. */
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
