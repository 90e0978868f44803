/** What goes wrong with a client although it is let in (auth.md §10). */
export const TROUBLES = ['takeover-war', 'connect-loop'] as const;
export type Trouble = (typeof TROUBLES)[number];

/** A client that is let in again and again. Times are milliseconds since the epoch. */
export interface TroubledClient {
  readonly clientId: string;
  readonly username: string | null;
  readonly trouble: Trouble;
  /** Logins since `since`, and how many of them ended another connection of the same client ID. */
  readonly logins: number;
  readonly takeovers: number;
  readonly since: number;
  readonly lastAt: number;
  /** Addresses it came from, the newest first, at most 8. */
  readonly ips: readonly string[];
  readonly listener: string;
  /** As of refused attempts; null: all at once, or too few. */
  readonly interval: { readonly medianSeconds: number; readonly regularity: number } | null;
}

/** Clients in trouble within the last minutes, those that came last first. */
export interface TroubledClients {
  readonly items: readonly TroubledClient[];
  /** False: there are more than are listed. */
  readonly complete: boolean;
}
