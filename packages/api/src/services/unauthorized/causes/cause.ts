import type { UnauthorizedClientDetail } from '@gatehouse/ports';
import type { Statement } from '../statement.ts';
import type { Circumstances } from '../circumstances.ts';

/** Statements about one aspect of a row, or none; null stands for a statement that does not apply. */
export type Cause = (
  row: UnauthorizedClientDetail,
  about: Circumstances,
  now: number,
) => readonly (Statement | null)[];

export const idOf = (row: UnauthorizedClientDetail): string => row.clientId ?? '';

export const userOf = (row: UnauthorizedClientDetail): string => row.username ?? '';

/** A value of the record's detail as text; null when it is not there. */
export const detailText = (row: UnauthorizedClientDetail, key: string): string | null => {
  const value = row.detail[key];
  return value === undefined ? null : Array.isArray(value) ? value.join(', ') : String(value);
};
