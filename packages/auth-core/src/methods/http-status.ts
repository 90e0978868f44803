import type { ReasonCode } from '../reasons/index.ts';

/** How a status other than "yes" is read. */
export interface StatusReading {
  readonly outcome: 'deny' | 'error';
  readonly reason: ReasonCode;
  /** What EMQX 4.3 answers the client (reference/emqx.md §1.8); the compatibility preset does too. */
  readonly emqxConnack: { readonly v3: number; readonly v5: number };
}

const denied = (v5: number, v3: number): StatusReading => ({
  outcome: 'deny',
  reason: 'HTTP_DENIED',
  emqxConnack: { v3, v5 },
});

/** The table of EMQX 4.3; 200 is "yes" and not in it. */
const STATUS_TABLE: Readonly<Record<number, StatusReading>> = {
  400: denied(0x86, 4),
  401: denied(0x86, 4),
  403: denied(0x87, 5),
  429: denied(0x8a, 5),
  504: { outcome: 'error', reason: 'HTTP_TIMEOUT', emqxConnack: { v3: 3, v5: 0x89 } },
};

/** 503 and every status that the table does not know: the service could not say. */
const OTHER: StatusReading = {
  outcome: 'error',
  reason: 'HTTP_BAD_RESPONSE',
  emqxConnack: { v3: 3, v5: 0x88 },
};

/** Reads a status that is not 200 as the contract `status` does. */
export const readStatus = (status: number): StatusReading => STATUS_TABLE[status] ?? OTHER;
