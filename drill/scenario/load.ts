import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { isMap, isNode, isPair, LineCounter, type ParsedNode, parseDocument } from 'yaml';
import { requireScenario, ScenarioError, scenarioFolder } from './names';
import { type Scenario, scenarioSchema } from './schema';

export { ScenarioError, scenarioNames } from './names';

/** @throws ScenarioError if there is no scenario of that name, or its file is not valid */
export async function loadScenario(name: string): Promise<Scenario> {
  await requireScenario(name);
  const file = join(scenarioFolder, `${name}.yml`);
  const scenario = parseScenario(await readFile(file, 'utf8'), relative(process.cwd(), file));
  if (scenario.name !== name) throw new ScenarioError(`${file}: name: must be "${name}", like its file`);
  return scenario;
}

/**
 * Parses a scenario's YAML.
 * @throws ScenarioError with file, line, column and the invalid field
 */
export function parseScenario(text: string, file: string): Scenario {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true });
  const [problem] = document.errors;
  if (problem) {
    const { line, col } = lines.linePos(problem.pos[0]);
    throw new ScenarioError(`${file}:${line}:${col}: ${problem.message.split('\n')[0]}`, { cause: problem });
  }
  const parsed = scenarioSchema.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  // A misspelled field is also a missing one: the misspelling is the helpful error.
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]!;
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const path = unknown === undefined ? issue.path : [...issue.path, unknown];
  const { line, col } = lines.linePos(offsetOf(document.contents, path));
  const message = unknown === undefined ? issue.message : 'unknown field';
  throw new ScenarioError(`${file}:${line}:${col}: ${fieldName(path)}: ${message}`, { cause: parsed.error });
}

/** The position of a field in the text; for a missing one, that of its parent. */
function offsetOf(root: ParsedNode | null, path: readonly PropertyKey[]): number {
  let node: unknown = root;
  let offset = root?.range[0] ?? 0;
  for (const key of path) {
    if (!isNode(node)) break;
    const pair = isMap(node) ? node.items.find((item) => isPair(item) && String(item.key) === String(key)) : undefined;
    const next = pair ? pair.value : (node as { get?: (key: unknown, keep: boolean) => unknown }).get?.(key, true);
    const at = pair && isNode(pair.key) ? pair.key : next;
    if (!isNode(at)) break;
    offset = at.range?.[0] ?? offset;
    node = next;
  }
  return offset;
}

function fieldName(path: readonly PropertyKey[]): string {
  const name = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return name.replace(/^\./, '') || 'the file';
}
