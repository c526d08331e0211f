import { z } from 'zod';
import { listFaults } from '../../drill/cloud/faults/registry';
import { scenarioShape } from '../../drill/scenario/schema';
import { cell, code, table } from './markdown';

/** As much of JSON Schema as zod writes of a scenario. */
interface Node {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Node[];
  oneOf?: Node[];
  prefixItems?: Node[];
  items?: Node;
  properties?: Record<string, Node>;
  additionalProperties?: Node | boolean;
  required?: string[];
  default?: unknown;
  description?: string;
}

const jsonSchemaOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Node;

const words: Record<string, string> = { string: 'text', boolean: 'true or false', integer: 'whole number' };

/** What may stand there, in a few words. */
function kindOf(node: Node): string {
  const choices = node.anyOf ?? node.oneOf;
  if (choices) return [...new Set(choices.map(kindOf))].join(' or ');
  if (node.const !== undefined) return code(String(node.const));
  if (node.enum) return node.enum.map((one) => code(String(one))).join(', ');
  if (node.prefixItems) return `[${node.prefixItems.map(kindOf).join(', ')}]`;
  if (node.items) return `list of ${kindOf(node.items)}`;
  if (node.type === 'array') return 'list';
  if (node.properties) return 'fields';
  if (typeof node.additionalProperties === 'object' && Object.keys(node.additionalProperties).length > 0) {
    return `names, each with ${kindOf(node.additionalProperties)}`;
  }
  if (node.type === 'object') return 'fields of your own';
  return words[node.type ?? ''] ?? node.type ?? 'anything';
}

/** What holds when the field is left out; long ones are said in the words of the schema. */
function defaultOf(name: string, node: Node, required: readonly string[]): string {
  if (required.includes(name)) return 'needed';
  if (node.default === undefined) return '';
  const text = JSON.stringify(node.default);
  return text === '{}' || text === '[]' || text.length > 60 ? '' : code(text);
}

function rowsOf({ properties = {}, required = [] }: Node): string[][] {
  return Object.entries(properties).map(([name, node]) => [
    code(name),
    kindOf(node),
    defaultOf(name, node, required),
    cell(node.description ?? ''),
  ]);
}

const isOpen = ({ additionalProperties: more }: Node) => typeof more === 'object' && Object.keys(more).length === 0;

/** The objects below one, each with its path: those in lists and in choices too. */
function nestedIn(node: Node, path: string): [string, Node][] {
  const choices = node.anyOf ?? node.oneOf;
  if (choices) return choices.flatMap((one) => nestedIn(one, pathOfChoice(one, path)));
  if (node.items) return nestedIn(node.items, `${path}[]`);
  // Faults: their parameters differ by name, and stand in a table of their own.
  if (!node.properties || isOpen(node)) return [];
  const below = Object.entries(node.properties).flatMap(([name, one]) =>
    nestedIn(one, path ? `${path}.${name}` : name),
  );
  return [...(path ? [[path, node] as [string, Node]] : []), ...below];
}

/** Choices are told apart by the field that names them. */
function pathOfChoice({ properties = {} }: Node, path: string): string {
  const named = Object.entries(properties).find(([, { const: value }]) => value !== undefined);
  return named ? `${path} { ${named[0]}: ${String(named[1].const)} }` : path;
}

const head = ['field', 'what may stand there', 'if left out', 'what it says'];

function faultRows(): string[][] {
  return listFaults().map(({ name, description, params }) => {
    const node = jsonSchemaOf(params);
    const told = rowsOf(node).map(([field, kind, without]) => {
      const more = without === '' || without === 'needed' ? without : `${without} if left out`;
      return `${field}: ${kind}${more ? ` (${more})` : ''}`;
    });
    return [code(name), cell(description), told.join('; ')];
  });
}

/** docs/scenario-format.md: every field that a scenario may have, from the schema that reads it. */
export function scenarioFormatPage(): string {
  const root = jsonSchemaOf(scenarioShape);
  const sections = nestedIn(root, '').flatMap(([path, node]) => [`### \`${path}\``, table(head, rowsOf(node))]);
  return `${[
    '# The format of a scenario',
    '<!-- Made by `npm run docs` from the schemas of drill/scenario and drill/cloud -->',
    'A scenario is a YAML file in [drill/scenarios](../drill/scenarios): what there is, what goes wrong, and what the playbook must make of it. Everything but name, story and expectation may be left out, and a field that does not exist is refused by its name. `npm run drill -- --scenario NAME` runs it.',
    '## The fields',
    table(head, rowsOf(root)),
    ...sections,
    '## The faults',
    'Each is an entry of `faults`: its name, and its parameters beside it, for example `{ name: api-throttled, command: StopInstances, times: 3 }`. `command`, `service`, `state` and `resource` narrow a fault to calls of that command or service, from that state of a machine, or that name that resource.',
    table(['fault', 'what goes wrong', 'parameters'], faultRows()),
  ].join('\n\n')}\n`;
}
