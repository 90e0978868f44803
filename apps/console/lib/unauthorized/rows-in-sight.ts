/** Every row of the table is as high as any other (`h-9`). */
export const ROW_PX = 36;
/** Drawn beyond those in sight, so that scrolling and the arrow keys find them there. */
const SPARE_ROWS = 6;
/** The sight moves on by so many rows at a time, so that not every pixel scrolled draws. */
const STEP_ROWS = 4;

/** The first row that is in sight, and the first after them. */
export interface Sight {
  readonly from: number;
  readonly to: number;
}

/** What the server, which sees no window, takes to be in sight: with the spare ones all that a window of 1080 pixels shows. */
export const USUAL_SIGHT: Sight = { from: 0, to: 14 };

export const sightOf = (scrollTopPx: number, heightPx: number): Sight => ({
  from: Math.floor(scrollTopPx / ROW_PX / STEP_ROWS) * STEP_ROWS,
  to: Math.ceil((scrollTopPx + heightPx) / ROW_PX / STEP_ROWS) * STEP_ROWS,
});

/** Which of `count` rows are drawn, in their order: those in sight, some beyond, and those that stay wherever they are. */
export function drawnRows({ from, to }: Sight, count: number, kept: readonly number[]): readonly number[] {
  const first = Math.max(0, Math.min(from, count) - SPARE_ROWS);
  const end = Math.min(count, to + SPARE_ROWS);
  const near = Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index);
  const far = kept.filter((index) => index < first || index >= end);
  return [...far.filter((index) => index < first), ...near, ...far.filter((index) => index >= end)];
}

/** These rows with the one before and the one after each: where an arrow or the tab key goes from them is always drawn. */
export const neighbours = (at: readonly number[], count: number): readonly number[] =>
  [...new Set(at.flatMap((index) => [index - 1, index, index + 1]))]
    .filter((index) => index >= 0 && index < count)
    .toSorted((one, other) => one - other);
