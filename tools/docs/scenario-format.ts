import { z } from 'zod';
import { listFaults } from '../../drill/cloud/faults/registry';
import { scenarioShape } from '../../drill/scenario/schema';
import { cell, code, table } from './markdown';

/** The part of JSON Schema that zod uses for a scenario. */
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

/** The type of a field, in a few words. */
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

/** The default of a field; long ones are described in the schema's own text. */
function defaultOf(name: string, node: Node, required: readonly string[]): string {
  if (required.includes(name)) return 'required';
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

/** The objects nested in a node, each with its path, including those in lists and choices. */
function nestedIn(node: Node, path: string): [string, Node][] {
  const choices = node.anyOf ?? node.oneOf;
  if (choices) return choices.flatMap((one) => nestedIn(one, pathOfChoice(one, path)));
  if (node.items) return nestedIn(node.items, `${path}[]`);
  // The instances of a place have the same fields as those of the fleet.
  if (path === 'places[].fleet[]') return [];
  // The parameters of faults depend on the name and have their own table.
  if (!node.properties || isOpen(node)) return [];
  const below = Object.entries(node.properties).flatMap(([name, one]) =>
    nestedIn(one, path ? `${path}.${name}` : name),
  );
  return [...(path ? [[path, node] as [string, Node]] : []), ...below];
}

/** A choice is identified by the field that names it. */
function pathOfChoice({ properties = {} }: Node, path: string): string {
  const named = Object.entries(properties).find(([, { const: value }]) => value !== undefined);
  return named ? `${path} { ${named[0]}: ${String(named[1].const)} }` : path;
}

const head = ['field', 'type', 'default', 'description'];

function faultRows(): string[][] {
  return listFaults().map(({ name, description, params }) => {
    const node = jsonSchemaOf(params);
    const told = rowsOf(node).map(([field, kind, without]) => {
      const more = without === '' || without === 'required' ? without : `default ${without}`;
      return `${field}: ${kind}${more ? ` (${more})` : ''}`;
    });
    return [code(name), cell(description), told.join('; ')];
  });
}

/** docs/scenario-format.md: every field of a scenario, from the schema that parses it. */
export function scenarioFormatPage(): string {
  const root = jsonSchemaOf(scenarioShape);
  const sections = nestedIn(root, '').flatMap(([path, node]) => [`### \`${path}\``, table(head, rowsOf(node))]);
  return `${[
    '# Scenario format',
    '<!-- Made by `npm run docs` from the schemas in drill/scenario and drill/cloud -->',
    'A scenario is a YAML file in [drill/scenarios](../drill/scenarios). It describes the fleet, what goes wrong, and what the playbook must do about it. Only `name`, `story` and `expect` are required; an unknown field is an error that names it. Run a scenario with `npm run drill -- --scenario NAME`.',
    '## Fields',
    table(head, rowsOf(root)),
    ...sections,
    '## Faults',
    'Each entry of `faults` has a name and its parameters, for example `{ name: api-throttled, command: StopInstances, times: 3 }`. `command`, `service`, `state` and `resource` limit a fault to calls of that command or service, from that state of a machine, or to that resource.',
    table(['fault', 'effect', 'parameters'], faultRows()),
  ].join('\n\n')}\n`;
}
