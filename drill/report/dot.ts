/** A state machine's definition, as far as its picture needs it (Amazon States Language). */
export interface Definition {
  StartAt: string;
  States: Record<string, StateShape>;
}

interface StateShape {
  Type: string;
  Next?: string;
  Default?: string;
  End?: boolean;
  Choices?: { Next: string }[];
  Catch?: { Next: string; ErrorEquals: string[] }[];
}

/** Which states an execution went through, and how the last one ended; left out for a picture of the machine alone. */
export interface PathTaken {
  states: ReadonlySet<string>;
  failed?: ReadonlySet<string>;
}

const quote = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;

const shapes: Record<string, string> = {
  Choice: 'shape=diamond style=filled height=0.6 margin="0.02,0.02"',
  Wait: 'shape=box style="rounded,filled,dashed"',
  Succeed: 'shape=oval style=filled',
  Fail: 'shape=oval style=filled',
};

const colours = { plain: '#f8fafc', taken: '#bbf7d0', failed: '#fecaca', line: '#475569', caught: '#b45309' };

/**
 * Draws a machine as Graphviz text, in the order of its definition, so that the same definition gives the same picture.
 * @param taken colours the path of an execution as the console does: green for passed, red for failed
 */
export function toDot({ StartAt, States }: Definition, taken?: PathTaken): string {
  const nodes = Object.entries(States).map(([name, state]) => nodeOf(name, state, taken));
  const edges = [...Object.entries(States).flatMap(([name, state]) => edgesOf(name, state)), ...rescueEdges(States)];
  const head = [
    'rankdir=TB nodesep=0.25 ranksep=0.3 bgcolor=transparent',
    `node [fontname="Helvetica" fontsize=11 color="${colours.line}" fillcolor="${colours.plain}"]`,
    `edge [color="${colours.line}" arrowsize=0.6]`,
    '"(start)" [label="" shape=circle style=filled width=0.18 fillcolor="#475569"]',
    `"(start)" -> ${quote(StartAt)}`,
  ];
  return ['digraph machine {', ...[...head, ...nodes, ...edges].map((line) => `  ${line}`), '}', ''].join('\n');
}

function nodeOf(name: string, { Type }: StateShape, taken?: PathTaken): string {
  const shape = shapes[Type] ?? 'shape=box style="rounded,filled"';
  const colour = taken?.failed?.has(name) ? colours.failed : taken?.states.has(name) ? colours.taken : undefined;
  const fill = colour
    ? ` fillcolor="${colour}"`
    : Type === 'Succeed'
      ? ' fillcolor="#dcfce7"'
      : Type === 'Fail'
        ? ' fillcolor="#fee2e2"'
        : '';
  return `${quote(name)} [${shape}${fill}]`;
}

const distinct = (targets: (string | undefined)[]) => [
  ...new Set(targets.filter((one): one is string => one !== undefined)),
];

function straightTargets({ Next, Default, Choices }: StateShape): string[] {
  return distinct([Next, ...(Choices ?? []).map((choice) => choice.Next), Default]);
}

function edgesOf(name: string, state: StateShape): string[] {
  return straightTargets(state).map((next) => `${quote(name)} -> ${quote(next)}`);
}

/** Nearly every state has a Catch: one dotted arrow shows how a state that only failures lead to is reached. */
function rescueEdges(states: Record<string, StateShape>): string[] {
  const reached = new Set(Object.values(states).flatMap(straightTargets));
  const shown = new Map<string, string>();
  for (const [name, { Catch }] of Object.entries(states)) {
    for (const { Next } of Catch ?? []) if (!reached.has(Next)) shown.set(Next, shown.get(Next) ?? name);
  }
  return [...shown].map(
    ([next, name]) =>
      `${quote(name)} -> ${quote(next)} [style=dotted color="${colours.caught}" label="failed" fontsize=9]`,
  );
}
