/** The parts of a state machine's definition that its graph needs (Amazon States Language). */
export interface Definition {
  StartAt: string;
  States: Record<string, StateShape>;
}

interface StateShape {
  Type: string;
  Next?: string;
  Default?: string;
  End?: boolean;
  Comment?: string;
  Choices?: { Next: string }[];
  Catch?: { Next: string; ErrorEquals: string[] }[];
}

/** How an execution left a state. */
export type StepStatus = 'passed' | 'failed' | 'caught' | 'running';

/** The path of an execution; omitted for a graph of the machine alone. */
export interface PathTaken {
  states: ReadonlyMap<string, StepStatus>;
  /** Pairs of consecutive states, in the form of `edgeKey`. */
  moves: ReadonlySet<string>;
}

/** The key of a transition from one state to the next. */
export const edgeKey = (from: string, to: string) => JSON.stringify([from, to]);

const quote = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;

const shapes: Record<string, string> = {
  Choice: 'shape=diamond style=filled height=0.6 margin="0.02,0.02"',
  Wait: 'shape=box style="rounded,filled,dashed"',
  Succeed: 'shape=oval style=filled',
  Fail: 'shape=oval style=filled',
};

const colours = { plain: '#f8fafc', line: '#475569', caught: '#b45309' };

/**
 * Draws a machine as Graphviz text, in the order of its definition, so that the same definition gives the same graph.
 * @param taken marks an execution's path with classes (`passed`, `failed`, `caught`, `running`, and `taken` for the
 *   arrows), so that the surrounding page colours it, in light and dark
 */
export function toDot({ StartAt, States }: Definition, taken?: PathTaken): string {
  const nodes = Object.entries(States).map(([name, state]) => nodeOf(name, state, taken));
  const edges = Object.entries(States).flatMap(([name, state]) =>
    straightTargets(state).map((next) => edgeOf(name, next, taken)),
  );
  const head = [
    'rankdir=TB nodesep=0.25 ranksep=0.3 bgcolor=transparent',
    `node [fontname="Helvetica" fontsize=11 color="${colours.line}" fillcolor="${colours.plain}"]`,
    `edge [color="${colours.line}" arrowsize=0.6]`,
    '"(start)" [label="" shape=circle style=filled width=0.18 fillcolor="#475569"]',
    `"(start)" -> ${quote(StartAt)}`,
  ];
  const lines = [...head, ...nodes, ...edges, ...rescueEdges(States, taken)];
  return ['digraph machine {', ...lines.map((line) => `  ${line}`), '}', ''].join('\n');
}

function nodeOf(name: string, { Type }: StateShape, taken?: PathTaken): string {
  const shape = shapes[Type] ?? 'shape=box style="rounded,filled"';
  const status = taken?.states.get(name);
  const mark = taken ? ` class="${status ?? 'untouched'}"` : '';
  const ends: Record<string, string> = { Succeed: ' fillcolor="#dcfce7"', Fail: ' fillcolor="#fee2e2"' };
  return `${quote(name)} [${shape}${taken ? mark : (ends[Type] ?? '')}]`;
}

const distinct = (targets: (string | undefined)[]) => [
  ...new Set(targets.filter((one): one is string => one !== undefined)),
];

function straightTargets({ Next, Default, Choices }: StateShape): string[] {
  return distinct([Next, ...(Choices ?? []).map((choice) => choice.Next), Default]);
}

function edgeOf(name: string, next: string, taken?: PathTaken): string {
  // The weight makes the path a straight line, with the other states next to it.
  const mark = taken?.moves.has(edgeKey(name, next)) ? ' [class=taken penwidth=2 weight=50]' : '';
  return `${quote(name)} -> ${quote(next)}${mark}`;
}

/**
 * Nearly every state has a Catch, so only one dotted arrow leads to a state that is reached only by failures.
 * If an execution took a Catch, that arrow is also shown.
 */
function rescueEdges(states: Record<string, StateShape>, taken?: PathTaken): string[] {
  const reached = new Set(Object.values(states).flatMap(straightTargets));
  const shown = new Map<string, [from: string, to: string]>();
  for (const [name, { Catch }] of Object.entries(states)) {
    for (const { Next } of Catch ?? []) {
      if (taken?.states.get(name) === 'caught' && taken.moves.has(edgeKey(name, Next)))
        shown.set(edgeKey(name, Next), [name, Next]);
      else if (!reached.has(Next) && ![...shown.values()].some(([, to]) => to === Next))
        shown.set(edgeKey(name, Next), [name, Next]);
    }
  }
  return [...shown].map(([key, [from, to]]) => {
    const mark = taken?.moves.has(key) ? ' class=taken penwidth=2 weight=50' : '';
    return `${quote(from)} -> ${quote(to)} [style=dotted color="${colours.caught}" label="failed" fontsize=9${mark}]`;
  });
}
