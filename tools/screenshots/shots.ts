import type { BrowserContextOptions, Page } from 'playwright-core';

/** A picture: which page, how it is looked at, and how far down. */
export interface Shot {
  name: string;
  page: string;
  options?: BrowserContextOptions;
  /** Where the picture ends, in pixels from the top; by default the whole page. */
  height?: number;
  media?: 'print';
  /** The one element to show, for example the path. */
  only?: string;
  /** Brings the page to where it is looked at. */
  prepare?: (page: Page) => Promise<void>;
}

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, deviceScaleFactor: 1 };
/** The width of A4 at 96 pixels an inch, less margins of 10 mm. */
const paper = { viewport: { width: 718, height: 1047 } };

const terminal = (columns: number, theme: string): Shot => ({
  name: `terminal-${columns}-${theme}`,
  page: `terminal-${columns}-${theme}.html`,
  options: { viewport: { width: columns === 80 ? 740 : 1080, height: 200 } },
});

/** The columns and themes of terminals. */
export const terminals = [80, 120].flatMap((columns) =>
  (['dark', 'light'] as const).map((theme) => ({ columns, theme })),
);

/** Terminal, run pages in every look, index, backtest, review and replay. */
export const shots: Shot[] = [
  ...terminals.map(({ columns, theme }) => terminal(columns, theme)),
  { name: 'report-light', page: 'cpu-high-restart.html', height: 1300 },
  { name: 'report-dark', page: 'cpu-high-restart.html', options: { colorScheme: 'dark' }, height: 1000 },
  { name: 'report-phone', page: 'cpu-high-restart.html', options: phone, height: 1200 },
  { name: 'report-print', page: 'cpu-high-restart.html', options: paper, media: 'print', height: 1047 },
  { name: 'report-stop-hangs', page: 'stop-hangs.html', height: 1300 },
  { name: 'report-path', page: 'stop-hangs.html', only: '[data-picture]' },
  { name: 'report-storm', page: 'storm.html', height: 1000 },
  { name: 'report-month', page: 'month.html', height: 1000 },
  { name: 'report-index', page: 'index.html' },
  { name: 'report-replay', page: 'replay.html', height: 1100 },
  { name: 'review', page: 'review.html', height: 1000 },
  { name: 'backtest', page: 'backtest.html', height: 1000 },
];
