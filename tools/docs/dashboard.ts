import { z } from 'zod';
import type { StackResource } from '../../drill/stack/template';

const bodySchema = z.object({
  widgets: z.array(
    z.object({
      type: z.string(),
      ...{ x: z.number(), y: z.number(), width: z.number(), height: z.number() },
      properties: z.object({ title: z.string() }),
    }),
  ),
});

/** Pixels of one unit of CloudWatch's grid, which is 24 units wide (CloudWatch user guide, "Dashboard body structure"). */
const unit = { x: 40, y: 22 };
const gap = 6;

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Lines of at most so many characters, broken at spaces. */
function wrapped(text: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** The layout of the stage's dashboard, from the packaged template. Pure. @throws if there is no dashboard */
export function drawDashboard(resources: readonly StackResource[]): string {
  const found = resources.find(({ type }) => type === 'AWS::CloudWatch::Dashboard');
  const { widgets } = bodySchema.parse(JSON.parse(String(found?.properties.DashboardBody)));
  const bottom = Math.max(...widgets.map(({ y, height }) => y + height));
  const boxes = widgets.map(({ type, x, y, width, height, properties }) => {
    const [left, top, wide, high] = [
      x * unit.x + gap,
      y * unit.y + gap,
      width * unit.x - 2 * gap,
      height * unit.y - 2 * gap,
    ];
    const lines = wrapped(properties.title, Math.floor((wide - 28) / 9.5));
    const text = lines.map((line, i) => `<tspan x="${left + 14}" y="${top + 28 + i * 20}">${escaped(line)}</tspan>`);
    const kind = type === 'alarm' ? 'alarms' : 'metrics';
    return `<rect x="${left}" y="${top}" width="${wide}" height="${high}" rx="6" fill="#ffffff" stroke="#8a97a8"/>
<text font-size="15" font-weight="600" fill="#16202e">${text.join('')}</text>
<text x="${left + 14}" y="${top + high - 14}" font-size="13" fill="#526074">${kind}</text>`;
  });
  const size = [24 * unit.x, bottom * unit.y];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.join(' ')}" width="${size[0]}" height="${size[1]}" font-family="Helvetica, Arial, sans-serif" role="img">
<title>The layout of the dashboard</title>
<rect width="100%" height="100%" fill="#f5f7fa"/>
${boxes.join('\n')}
</svg>
`;
}
