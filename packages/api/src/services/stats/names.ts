import { FAMILIES } from '@gatehouse/auth-core';
import { DROP_REASONS } from '@gatehouse/ports';

/** Milliseconds between two points of the series. */
export const SERIES_STEP_MS = 5_000;
/** Points older than this are swept. */
export const SERIES_KEPT_MS = 48 * 3_600_000;

/** Series whose value is the increase within the step; `online` alone is a level. */
export const COUNTER_NAMES = [
  'accepted',
  'refused',
  ...FAMILIES.map((family) => `refused.${family}` as const),
  'messagesReceived',
  'messagesSent',
  'bytesReceived',
  'bytesSent',
  'dropped',
  ...DROP_REASONS.map((reason) => `dropped.${reason}` as const),
] as const;
export const LEVEL_NAMES = ['online'] as const;
export const SERIES_NAMES: readonly string[] = [...COUNTER_NAMES, ...LEVEL_NAMES];
