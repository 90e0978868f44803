/** What is wrong with one field of one row; `row` counts lines or entries, from 1. */
export interface RowErrorDto {
  readonly row: number;
  readonly field: string;
  readonly message: string;
}

/** Errors that are drawn, and errors that the API tells in one answer. */
const SHOWN_MAX = 200;
const TOLD_MAX = 1_000;

/** The first errors by row, how many more were told, and whether there may be some that were not. */
export function cutErrors(errors: readonly RowErrorDto[]) {
  const shown = [...errors].sort((a, b) => a.row - b.row).slice(0, SHOWN_MAX);
  return { shown, more: errors.length - shown.length, orMore: errors.length >= TOLD_MAX };
}
