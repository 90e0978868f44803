import { cx } from '@/lib/cx';

const WIDTH = 120;
const HEIGHT = 24;

/** A line without axes: only the shape. Hidden from assistive technology; the number beside it says the same. */
export function Sparkline({
  values,
  className,
}: {
  readonly values: readonly number[];
  readonly className?: string;
}) {
  const top = Math.max(1, ...values);
  const step = WIDTH / Math.max(1, values.length - 1);
  const points = values.map(
    (value, index) =>
      `${(index * step).toFixed(1)},${(HEIGHT - 1 - (value / top) * (HEIGHT - 2)).toFixed(1)}`,
  );
  return (
    <svg
      aria-hidden
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className={cx('h-6 w-full', className)}
    >
      <polyline
        points={points.join(' ')}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.25"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
