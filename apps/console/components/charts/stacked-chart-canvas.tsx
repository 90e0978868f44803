'use client';

import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Format } from '@/lib/format';
import { useFormat } from '@/lib/i18n';
import type { ChartSeries, StackedChartProps } from './types';

const CLICK_TRAVEL_PX = 4;
const WIDTH_MIN_PX = 100;
const HEIGHT_MIN_PX = 40;
/** Sizes of axes in px, at a root font of as many. */
const ROOT_PX = 16;
const FONT_PX = 11;
const AXIS_X_PX = 28;
const AXIS_Y_PX = 44;

/** How much larger text is than usual: on a wall, or as the reader set it. */
const textScale = (): number =>
  Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / ROOT_PX;

/** The colour that a token has now, in this theme; a canvas knows no CSS variables. */
function resolveColour(host: Element, variable: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${variable})`;
  host.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

/** Running sums from the bottom up; the top one is drawn first, so that each covers what is above it. */
function stack(series: readonly ChartSeries[], length: number): number[][] {
  let below = Array.from({ length }, () => 0);
  return series.map((one) => {
    below = below.map((sum, index) => sum + (one.values[index] ?? 0));
    return below;
  });
}

function seriesAt(props: StackedChartProps, index: number, value: number): string | undefined {
  const sums = stack(props.series, props.times.length);
  return props.series[sums.findIndex((sum) => (sum[index] ?? 0) >= value)]?.key;
}

const DAY_MS = 86_400_000;
const AXIS_INCREMENTS_S = [60, 300, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400, 604_800];

function axesOf(host: Element, props: StackedChartProps, format: Format): uPlot.Axis[] {
  if (props.compact === true) return [{ show: false }, { show: false }];
  const scale = textScale();
  const grid = { stroke: resolveColour(host, '--color-line'), width: 1 };
  const axis: uPlot.Axis = {
    stroke: resolveColour(host, '--color-muted'),
    font: `${String(Math.round(FONT_PX * scale))}px ui-sans-serif, system-ui, sans-serif`,
    grid,
    ticks: { show: false },
  };
  const long = (props.times.at(-1) ?? 0) - (props.times[0] ?? 0) > DAY_MS;
  const time = long ? format.formatDayMinute : format.formatMinute;
  return [
    {
      ...axis,
      size: AXIS_X_PX * scale,
      space: (long ? 110 : 64) * scale,
      incrs: AXIS_INCREMENTS_S,
      grid: { show: false },
      values: (_plot, ticks) => ticks.map((tick) => time(tick * 1_000)),
    },
    {
      ...axis,
      size: AXIS_Y_PX * scale,
      values: (_plot, ticks) =>
        ticks.map((tick) => (Number.isInteger(tick) ? format.formatNumber(tick) : '')),
    },
  ];
}

function seriesOf(host: Element, series: readonly ChartSeries[]): uPlot.Series[] {
  const bars = uPlot.paths.bars?.({ size: [0.86, 24], align: 0 });
  const drawn = series.toReversed().map((one): uPlot.Series => ({
    label: one.label,
    fill: resolveColour(host, one.variable),
    width: 0,
    points: { show: false },
    ...(bars === undefined ? {} : { paths: bars }),
  }));
  return [{}, ...drawn];
}

/** Tells the range that was dragged over, and takes the mark away: the page answers by changing what is drawn. */
function brush(plot: uPlot, props: StackedChartProps): void {
  const { left, width } = plot.select;
  if (width < CLICK_TRAVEL_PX) return;
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  props.onBrush?.(plot.posToVal(left, 'x') * 1_000, plot.posToVal(left + width, 'x') * 1_000);
}

function build(host: HTMLDivElement, latest: { readonly current: StackedChartProps }, format: Format): uPlot {
  const props = latest.current;
  const options: uPlot.Options = {
    width: Math.max(host.clientWidth, WIDTH_MIN_PX),
    height: Math.max(host.clientHeight, HEIGHT_MIN_PX),
    legend: { show: false },
    padding: props.compact === true ? [2, 0, 0, 0] : [8, 22, 0, 0],
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: props.onBrush !== undefined, y: false, setScale: false },
    },
    scales: { x: { time: true }, y: { range: (_plot, _min, max) => [0, Math.max(4, max * 1.08)] } },
    axes: axesOf(host, props, format),
    series: seriesOf(host, props.series),
    hooks: { setSelect: [(plot) => brush(plot, latest.current)] },
  };
  return new uPlot(options, dataOf(props), host);
}

const dataOf = (props: StackedChartProps): uPlot.AlignedData => [
  props.times.map((time) => time / 1_000),
  ...stack(props.series, props.times.length).reverse(),
];

/** A click that was not a drag picks the part of the bar under the pointer. */
function watchClicks(plot: uPlot, latest: { readonly current: StackedChartProps }): void {
  let downAt = 0;
  plot.over.addEventListener('pointerdown', (event) => {
    downAt = event.clientX;
  });
  plot.over.addEventListener('click', (event) => {
    if (Math.abs(event.clientX - downAt) >= CLICK_TRAVEL_PX) return;
    const index = plot.cursor.idx ?? -1;
    const time = latest.current.times[index];
    if (time === undefined) return;
    const box = plot.over.getBoundingClientRect();
    const key = seriesAt(latest.current, index, plot.posToVal(event.clientY - box.top, 'y'));
    if (key !== undefined) latest.current.onPick?.(key, time);
  });
}

/** Stacked bars over time. Redrawn when the data, the size or the theme changes; rebuilt when the series do. */
export function StackedChartCanvas(props: StackedChartProps) {
  const format = useFormat();
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const latest = useRef(props);
  const shape = props.series.map((one) => one.key).join(' ');
  useEffect(() => {
    latest.current = props;
    plot.current?.setData(dataOf(props));
  });
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const rebuild = (): void => {
      plot.current?.destroy();
      plot.current = build(element, latest, format);
      watchClicks(plot.current, latest);
    };
    rebuild();
    const resize = new ResizeObserver(() => {
      plot.current?.setSize({
        width: Math.max(element.clientWidth, WIDTH_MIN_PX),
        height: Math.max(element.clientHeight, HEIGHT_MIN_PX),
      });
    });
    resize.observe(element);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', rebuild);
    window.addEventListener('gatehouse:theme', rebuild);
    return () => {
      resize.disconnect();
      scheme.removeEventListener('change', rebuild);
      window.removeEventListener('gatehouse:theme', rebuild);
      plot.current?.destroy();
      plot.current = null;
    };
  }, [shape, format]);
  return <div ref={host} className="size-full overflow-hidden" />;
}
