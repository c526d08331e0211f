import { instance } from '@viz-js/viz';
import { type Definition, type PathTaken, toDot } from './dot';
import { Html } from './html';

let viz: ReturnType<typeof instance> | undefined;

/**
 * A machine's graph with the path taken, as SVG for a page: without styles, with unique IDs.
 * @param id unique on the page
 */
export async function drawGraph(definition: Definition, taken: PathTaken, id: string): Promise<Html> {
  viz ??= instance();
  const svg = (await viz).renderString(toDot(definition, taken), { format: 'svg' });
  const inner = svg.slice(svg.indexOf('<svg'));
  return new Html(
    inner
      .replace(/ id="([^"]+)"/g, ` id="${id}-$1"`)
      .replace(/<!--.*?-->\n?/gs, '')
      .replace('<svg', `<svg class="machine" role="img" aria-label="The state machine with the path taken"`)
      .trimEnd(),
  );
}
