import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { instance } from '@viz-js/viz';
import { parse } from 'yaml';
import { type Definition, toDot } from '../drill/report/dot';

/** The playbooks' definitions, by name. `!GetAtt` is read as its text: the picture does not need it. */
export function readDefinitions(root: string): Map<string, Definition> {
  const folder = join(root, 'statemachines');
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.asl.yml'))
    .sort();
  const getAtt = { tag: '!GetAtt', resolve: (text: string) => text };
  const read = (file: string) =>
    parse(readFileSync(join(folder, file), 'utf8'), { customTags: [getAtt], merge: true }) as Definition;
  return new Map(files.map((file) => [file.replace('.asl.yml', ''), read(file)]));
}

/** Draws every playbook as SVG, the same every time. */
export async function drawMachines(root: string): Promise<Map<string, string>> {
  const viz = await instance();
  const svg = (definition: Definition) => `${viz.renderString(toDot(definition), { format: 'svg' }).trimEnd()}\n`;
  return new Map([...readDefinitions(root)].map(([name, definition]) => [name, svg(definition)]));
}

async function main(root: string): Promise<void> {
  for (const [name, svg] of await drawMachines(root)) {
    writeFileSync(join(root, 'docs', 'images', `${name}.svg`), svg);
  }
}

if (require.main === module) void main(join(__dirname, '..'));
