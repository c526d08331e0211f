import { headLine, liveLines, type Running } from '../../drill/live/lines';
import { headLines, resultLines } from '../../drill/render/lines';
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

/** The first execution at the moment at which it had just entered a state. */
function asItRuns({ executions: [first] }: DrillResult, state: string): Running[] {
  if (!first) return [];
  const entered = first.history.findIndex((event) => event.type === 'StateEntered' && event.state === state);
  return [{ ...first, status: 'RUNNING', history: first.history.slice(0, entered + 1) }];
}

/** What a terminal shows of a drill while it runs and when it has ended, as a page. */
export function terminalPage(result: DrillResult, command: string): string {
  const scenario = { ...result.scenario };
  const running = asItRuns(result, 'Watch start');
  const lines = [
    `$ ${command}`,
    ...headLines(scenario, marking),
    `${marking('yellow', '⠹')} ${headLine(running, 1, '')}`,
    ...liveLines(running, result.ledger, 14, marking).map((line) => `  ${line}`),
    '',
    marking('dim', '─── and when it has ended ───'),
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
