import { headLines, progressLine, resultLines } from '../../drill/render/lines';
import type { Colour, Paint } from '../../drill/render/paint';
import { escapeHtml, Html, html } from '../../drill/report/html';
import type { DrillResult } from '../../drill/scenario/result';

const colours: Record<Colour, string> = {
  green: '#7ee2a8',
  red: '#ff8f87',
  yellow: '#f5cf73',
  cyan: '#79d5e8',
  dim: '#8b98ab',
  bold: '#ffffff',
};

/** Private characters that no text of a drill holds, and that escaping leaves alone. */
const [open, middle, close] = ['\ue000', '\ue001', '\ue002'];
const marking: Paint = (colour, text) => `${open}${colour}${middle}${text}${close}`;

/** What a terminal shows of a drill, as a page. */
export function terminalPage(result: DrillResult, command: string): string {
  const scenario = { ...result.scenario };
  const progress = result.executions.flatMap(({ history }) => history.map((event) => progressLine(event, marking)));
  const lines = [
    `$ ${command}`,
    ...headLines(scenario, marking),
    ...progress.filter((line) => line !== undefined).slice(0, 12),
    marking('dim', '…'),
    '',
    ...resultLines(result, marking),
  ];
  const text = escapeHtml(lines.join('\n'))
    .replaceAll(close, '</span>')
    .replace(new RegExp(`${open}(\\w+)${middle}`, 'g'), (_, colour: Colour) => {
      const weight = colour === 'bold' ? ';font-weight:700' : '';
      return `<span style="color:${colours[colour]}${weight}">`;
    });
  return html`<!doctype html><meta charset="utf-8"><title>Terminal</title>
<body style="margin:0;background:#0d1117;color:#d7dee8;padding:20px 24px"><pre style="margin:0;font:14px/1.45 'DejaVu Sans Mono',monospace;white-space:pre-wrap">${new Html(text)}</pre></body>`
    .text;
}
