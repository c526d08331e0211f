import * as echarts from 'echarts';
import { escapeHtml, Html, html } from './html';
import { placeLabels, rowHeight } from './labels';
import type { Tone } from './words';

export type Point = readonly [at: number, value: number];

export interface Band {
  from: number;
  to: number;
}

/** Something that was done or came to an end; without a tone it is an action. */
export interface Mark {
  at: number;
  text: string;
  tone?: Tone;
}

/** A metric over time, for a plot. Times in milliseconds since 1970. */
export interface ChartInput {
  /** Unique on the page. */
  id: string;
  /** A description for screen readers. */
  summary: string;
  points: readonly Point[];
  /** A gap of more than two of these is shown as one (milliseconds). */
  stepMs: number;
  threshold?: number | undefined;
  /** Periods in ALARM. */
  alarms: readonly Band[];
  /** Known incidents, if there are labels. */
  labelled?: readonly Band[];
  /** Actions and their times. */
  marks: readonly Mark[];
  /** What the time axis begins and ends with; the first and the last point unless given. */
  from?: number;
  to?: number;
  /** The anomaly score, 0 to 1, in a separate strip. */
  scores?: { points: readonly Point[]; threshold: number };
  format: (value: number) => string;
}

/** One drawing for screen and paper, one for phones: text that is scaled down is not readable. */
const layouts = {
  broad: { width: 860, left: 70, right: 24, ticks: 5 },
  narrow: { width: 380, left: 56, right: 16, ticks: 3 },
};
type Layout = keyof typeof layouts;
const plotHeight = 200;
const stripHeight = 70;
const text = { color: 'var(--muted)' };
/** Days are labelled with their date. */
const timeLabels = {
  year: '{yyyy}',
  month: '{d} {MMM}',
  day: '{d} {MMM}',
  hour: '{HH}:{mm}',
  minute: '{HH}:{mm}',
  second: '{HH}:{mm}:{ss}',
};
const rule = { lineStyle: { color: 'var(--rule)' } };

/** Draws a metric for wide and narrow pages, as SVG with the page's colours (custom properties), for light and dark. Pure. */
export function drawChart(input: ChartInput): Html {
  return html`${draw(input, 'broad')}${draw(input, 'narrow')}`;
}

function draw(input: ChartInput, layout: Layout): Html {
  const { width } = layouts[layout];
  const height = plotHeight + 26 + topOf(input, layout) + (input.scores ? stripHeight + 20 : 0);
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(optionOf(input, layout));
    return forPage(chart.renderToSVGString(), input, layout);
  } finally {
    chart.dispose();
  }
}

/** The stretch of time that is drawn. */
const axisOf = ({ points, marks, from, to }: ChartInput): Band => ({
  from: from ?? points[0]?.[0] ?? 0,
  to: to ?? Math.max(points.at(-1)?.[0] ?? 0, ...marks.map(({ at }) => at)),
});

/** Where the marks' labels stand, so that none covers another. */
function labelsOf(input: ChartInput, layout: Layout) {
  const { width, left, right } = layouts[layout];
  const { from, to } = axisOf(input);
  const scale = (width - left - right) / Math.max(1, to - from);
  return placeLabels(
    input.marks.map(({ at, text: what }) => ({ x: (at - from) * scale, text: what })),
    width - left - right,
  );
}

/** Room for the labels of actions. */
const topOf = (input: ChartInput, layout: Layout) =>
  labelsOf(input, layout).reduce(
    (most, { row }, i) => (input.marks[i]!.text === '' ? most : Math.max(most, row + 1)),
    0,
  ) *
    rowHeight +
  10;

function optionOf(input: ChartInput, layout: Layout): echarts.EChartsOption {
  const { stepMs, scores, format } = input;
  const { left, right, ticks } = layouts[layout];
  const grid = { left, right };
  const top = topOf(input, layout);
  const { from, to } = axisOf(input);
  const time = {
    type: 'time' as const,
    min: from,
    max: to,
    splitNumber: ticks,
    axisLine: rule,
    axisTick: rule,
    axisLabel: { ...text, hideOverlap: true, formatter: timeLabels },
  };
  const strip = scores && {
    grid: { ...grid, top: top + plotHeight + 34, height: stripHeight },
    x: { ...time, gridIndex: 1, axisLabel: { show: false } },
    y: {
      type: 'value' as const,
      gridIndex: 1,
      min: 0,
      max: 1,
      interval: 0.5,
      axisLabel: text,
      splitLine: rule,
      name: 'score',
      nameTextStyle: text,
      nameGap: 8,
    },
  };
  return {
    animation: false,
    useUTC: true,
    grid: [{ ...grid, top, height: plotHeight }, ...(strip ? [strip.grid] : [])],
    xAxis: [time, ...(strip ? [strip.x] : [])],
    yAxis: [valueAxis(input, format), ...(strip ? [strip.y] : [])],
    series: [valueSeries(input, stepMs, layout), ...(scores ? [scoreSeries(scores, stepMs)] : [])],
  };
}

function valueAxis({ points, threshold }: ChartInput, format: (value: number) => string): echarts.YAXisComponentOption {
  const highest = points.reduce((best, [, value]) => Math.max(best, value), threshold ?? 0);
  const isFar = threshold !== undefined && points.every(([, value]) => value * 20 < threshold);
  return {
    type: 'value',
    ...(points.some(([, value]) => value < 0) ? {} : { min: 0 }),
    ...(isFar || highest === 0 ? {} : { max: ({ max }: { max: number }) => Math.max(max, threshold ?? 0) * 1.1 }),
    axisLabel: { ...text, formatter: format, showMaxLabel: false },
    splitLine: rule,
  };
}

function valueSeries(input: ChartInput, stepMs: number, layout: Layout): echarts.LineSeriesOption {
  const { threshold, alarms, labelled = [], marks, points, format } = input;
  const places = labelsOf(input, layout);
  const band = (color: string) => (one: Band) => [{ xAxis: one.from, itemStyle: { color } }, { xAxis: one.to }];
  const limit =
    threshold === undefined
      ? []
      : [
          {
            yAxis: threshold,
            lineStyle: { color: 'var(--bad)' },
            label: {
              formatter: `threshold ${format(threshold)}`,
              position: 'insideStartTop',
              color: 'var(--bad)',
              backgroundColor: 'var(--card)',
              padding: [1, 4],
            },
          },
        ];
  const done = marks.map(({ at, text: what, tone }, i) => {
    const color = tone === undefined ? 'var(--act)' : `var(--${tone})`;
    const { row, align } = places[i]!;
    return {
      xAxis: at,
      lineStyle: { color, type: tone === undefined ? 'solid' : 'dashed' },
      label: { formatter: what, position: 'end', align, color, offset: [0, -row * rowHeight] },
    };
  });
  return {
    type: 'line',
    data: withGaps(points, stepMs),
    showSymbol: points.length < 3,
    sampling: 'lttb',
    silent: true,
    lineStyle: { color: 'var(--series)', width: 1.6 },
    itemStyle: { color: 'var(--series)' },
    markArea: {
      silent: true,
      data: [...labelled.map(band('var(--labelled)')), ...alarms.map(band('var(--alarm)'))] as never,
    },
    markLine: { silent: true, symbol: 'none', data: [...limit, ...done] as never, label: { textBorderWidth: 0 } },
  };
}

function scoreSeries(
  { points, threshold }: NonNullable<ChartInput['scores']>,
  stepMs: number,
): echarts.LineSeriesOption {
  return {
    type: 'line',
    xAxisIndex: 1,
    yAxisIndex: 1,
    data: withGaps(points, stepMs),
    showSymbol: false,
    sampling: 'max',
    silent: true,
    lineStyle: { color: 'var(--score)', width: 1.2 },
    markLine: {
      silent: true,
      symbol: 'none',
      data: [{ yAxis: threshold, lineStyle: { color: 'var(--score)' }, label: { show: false } }],
    },
  };
}

/** The line breaks at missing data. */
function withGaps(points: readonly Point[], stepMs: number): (number | null)[][] {
  return points.flatMap(([at, value], i) => {
    const before = points[i - 1];
    const gap = before && at - before[0] > 2 * stepMs ? [[(at + before[0]) / 2, null]] : [];
    return [...gap, [at, value]];
  });
}

/** Unique IDs, fonts and colours from the page, nothing that a strict style-src would block. */
function forPage(svg: string, { id, summary }: Pick<ChartInput, 'id' | 'summary'>, layout: Layout): Html {
  const clean = svg
    .replace(/<style\s*>.*?<\/style>\n?/gs, '')
    .replace(/ (?:style|class|ecmeta_\w+|pointer-events)="[^"]*"/g, '')
    .replace(/zr\d+-/g, `${id}-${layout}-`)
    .replace(/\n+/g, '\n');
  return new Html(
    clean.replace('<svg ', () => `<svg class="chart ${layout}" role="img" aria-label="${escapeHtml(summary)}" `),
  );
}
