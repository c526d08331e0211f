import wrapAnsi from 'wrap-ansi';
import { headLine, liveLines, type Running } from '../../drill/live/lines';
import { headLines, resultLines } from '../../drill/render/lines';
import { nextLines } from '../../drill/render/next';
import type { Colour, Paint } from '../../drill/render/paint';
import { wrapLine } from '../../drill/render/wrap';
import { escapeHtml, Html, html } from '../../drill/report/html';
import type { DrillResult } from '../../drill/scenario/result';

/** The codes of ECMA-48 (SGR) that a terminal gets, and what ends them. */
const codes: Record<Colour, [on: number, off: number]> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};
const begin = '\u001b[';
const ansiPaint: Paint = (colour, text) => `${begin}${codes[colour][0]}m${text}${begin}${codes[colour][1]}m`;

/** Usual colours of terminals with a dark and with a light background. */
const themes = {
  dark: {
    ...{ background: '#0d1117', text: '#d7dee8', dim: '#8b98ab', bold: '#ffffff' },
    ...{ green: '#7ee2a8', red: '#ff8f87', yellow: '#f5cf73', cyan: '#79d5e8' },
  },
  light: {
    ...{ background: '#ffffff', text: '#24292f', dim: '#6e7781', bold: '#000000' },
    ...{ green: '#116329', red: '#b3231b', yellow: '#8a5200', cyan: '#1b7c83' },
  },
} as const;

export interface TerminalLook {
  columns: number;
  theme: keyof typeof themes;
}

/** The first execution at the moment at which it had just entered a state. */
function asItRuns({ executions: [first] }: DrillResult, state: string): Running[] {
  if (!first) return [];
  const entered = first.history.findIndex((event) => event.type === 'StateEntered' && event.state === state);
  return [{ ...first, status: 'RUNNING', history: first.history.slice(0, entered + 1) }];
}

/** What a terminal of so many columns shows of a drill while it runs and when it has ended, as a page. */
export function terminalPage(result: DrillResult, command: string, { columns, theme }: TerminalLook): string {
  const running = asItRuns(result, 'Watch start');
  const lines = [
    `$ ${command}`,
    ...headLines(result.scenario, ansiPaint),
    `${ansiPaint('yellow', '⠹')} ${headLine(running, 1, '')}`,
    ...liveLines(running, result.ledger, 14, ansiPaint, false).map((line) => `  ${line}`),
    '',
    ansiPaint('dim', '─── and when it has ended ───'),
    '',
    ...resultLines(result, ansiPaint, false),
    ...nextLines(result, { isVerbose: false, isScenario: true }, ansiPaint),
  ];
  const wrap = (text: string, width: number) => wrapAnsi(text, width, { hard: true });
  const text = lines.map((line) => wrapLine(line, columns, wrap)).join('\n');
  const { background, text: ink } = themes[theme];
  return html`<!doctype html><meta charset="utf-8"><title>Terminal</title>
<body style="margin:0;background:${background};color:${ink};padding:16px 20px;width:max-content"><pre style="margin:0;width:${columns}ch;font:14px/1.45 'DejaVu Sans Mono',monospace">${coloured(text, theme)}</pre></body>`
    .text;
}

/** Escape codes as elements of a page. */
function coloured(text: string, theme: TerminalLook['theme']): Html {
  const names = new Map(Object.entries(codes).map(([name, [on]]) => [on, name as Colour]));
  const [before = '', ...parts] = text.split(begin);
  const spans = parts.map((part) => {
    const [, code, rest = ''] = /^(\d+)m([\s\S]*)$/.exec(part)!;
    const name = names.get(Number(code));
    if (name === undefined) return `</span>${escapeHtml(rest)}`;
    const weight = name === 'bold' ? ';font-weight:700' : '';
    return `<span style="color:${themes[theme][name]}${weight}">${escapeHtml(rest)}`;
  });
  return new Html([escapeHtml(before), ...spans].join(''));
}
