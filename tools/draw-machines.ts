import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { instance } from '@viz-js/viz';
import { readDefinitions } from '../drill/report/definitions';
import { type Definition, toDot } from '../drill/report/dot';

/** Draws every playbook as SVG. Deterministic. */
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
