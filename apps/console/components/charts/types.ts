export interface ChartSeries {
  readonly key: string;
  readonly label: string;
  /** CSS variable of the colour: `--color-family-basic`. */
  readonly variable: string;
  /** One value for each time. */
  readonly values: readonly number[];
}

export interface StackedChartProps {
  readonly label: string;
  /** Milliseconds since the epoch, ascending, evenly spaced. */
  readonly times: readonly number[];
  /** From the bottom up. */
  readonly series: readonly ChartSeries[];
  /** Bars only, no axes: the histogram above a table. */
  readonly compact?: boolean;
  /** The reader dragged over a range (ms). */
  readonly onBrush?: (from: number, to: number) => void;
  /** The reader clicked a series, or a bar of it. */
  readonly onPick?: (key: string, time: number) => void;
}
