import type { ProtocolVersion } from '../attempt.ts';
import { REASONS } from './catalogue.ts';
import type { ReasonCode } from './codes.ts';

/** "Server busy": what a `busy` decision answers; it is no refusal and therefore has no reason code (auth.md §3). */
export const CONNACK_BUSY = { v3: 3, v5: 0x89 } as const;

/**
 * The code that CONNACK carries for a refusal: all that an unauthenticated peer is told.
 *
 * @returns a CONNACK return code (3.1, 3.1.1) or reason code (5.0); null when the connection is closed without one.
 * @example connack(5, 'BASIC_PASSWORD_MISMATCH') // 0x86
 */
export function connack(version: ProtocolVersion, reason: ReasonCode): number | null {
  const codes = REASONS[reason].connack;
  if (codes === null) return null;
  return version === 5 ? codes.v5 : codes.v3;
}
