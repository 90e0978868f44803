import { isUtf8 } from 'node:buffer';

/** Bound of the payload format check. */
export interface PayloadFormatBounds {
  /** Bytes of a payload up to which it is checked to be the UTF-8 that it says it is; 0 checks none. */
  readonly payloadFormatCheckBytesMax: number;
}

/** A payload that says it is text and is not, where that is to be checked (MQTT 5.0 §3.3.2.3.2). */
export const isWrongText = (
  saysText: boolean,
  payload: Buffer,
  { payloadFormatCheckBytesMax }: PayloadFormatBounds,
): boolean => saysText && payload.length <= payloadFormatCheckBytesMax && !isUtf8(payload);
