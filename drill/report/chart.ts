import * as echarts from 'echarts';
import { escapeHtml, Html, html } from './html';

export type Point = readonly [at: number, value: number];

export interface Band {
  from: number;
  to: number;
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
  marks: readonly { at: number; text: string }[];
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
  const height = plotHeight + 26 + topOf(input.marks) + (input.scores ? stripHeight + 20 : 0);
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(optionOf(input, layout));
    return forPage(chart.renderToSVGString(), input, layout);
  } finally {
    chart.dispose();
  }
}

/** Room for the labels of actions. */
const topOf = (marks: ChartInput['marks']) => (marks.some(({ text: what }) => what !== '') ? 34 : 10);

function optionOf(input: ChartInput, layout: Layout): echarts.EChartsOption {
  const { points, stepMs, scores, format, marks } = input;
  const { left, right, ticks } = layouts[layout];
  const grid = { left, right };
  const top = topOf(marks);
  const first = points[0]?.[0];
  const last = Math.max(points.at(-1)?.[0] ?? 0, ...marks.map(({ at }) => at));
  const time = {
    type: 'time' as const,
    min: first,
    max: last,
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
    series: [valueSeries(input, stepMs), ...(scores ? [scoreSeries(scores, stepMs)] : [])],
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

function valueSeries(input: ChartInput, stepMs: number): echarts.LineSeriesOption {
  const { threshold, alarms, labelled = [], marks, points, format } = input;
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
  const done = marks.map(({ at, text: what }, i) => ({
    xAxis: at,
    lineStyle: { color: 'var(--act)', type: 'solid' },
    // Labels that are close together are stacked, the first on top; near an edge they stay inside.
    label: {
      formatter: what,
      position: 'end',
      align: alignAt(at, points),
      color: 'var(--act)',
      offset: [0, i % 2 === 0 ? -13 : 0],
    },
  }));
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

function alignAt(at: number, points: readonly Point[]): 'left' | 'center' | 'right' {
  const first = points[0]?.[0] ?? at;
  const part = (at - first) / Math.max(1, (points.at(-1)?.[0] ?? at) - first);
  return part > 0.8 ? 'right' : part < 0.2 ? 'left' : 'center';
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
