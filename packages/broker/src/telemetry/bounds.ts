import type { Limits } from '../config.ts';

type Bound = keyof Limits;

/**
 * The limit that stands behind the reason for which a connection was closed. `keepAliveSecondsMax` is the one bound on
 * silence: it counts a CONNECT whose keep-alive was lowered to it, and a client that was cut for its silence.
 */
const BOUND_OF_CLOSE: ReadonlyMap<string, Bound> = new Map([
  ['connect-timeout', 'connectTimeoutMs'],
  ['keep-alive-timeout', 'keepAliveSecondsMax'],
  ['receive-maximum-exceeded', 'inflightMax'],
  ['too-many-user-properties', 'userPropertiesMax'],
  ['too-many-filters', 'filtersPerPacketMax'],
  ['topic-alias-invalid', 'topicAliasesMax'],
  ['client-id-too-long', 'clientIdBytesMax'],
  ['client-id-too-long-for-3.1', 'clientIdCharactersMaxV31'],
  ['will-payload-not-utf8', 'payloadFormatCheckBytesMax'],
]);

/** How often each limit was met: something was refused, dropped, closed, held back or cut short because of it. */
export class BoundCounters {
  readonly #hits = new Map<Bound, number>();

  met(bound: Bound): void {
    this.#hits.set(bound, (this.#hits.get(bound) ?? 0) + 1);
  }

  /** A connection was closed for this reason, which may be a limit's. */
  closed(what: string): void {
    const bound = BOUND_OF_CLOSE.get(what);
    if (bound !== undefined) this.met(bound);
  }

  read(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#hits);
  }
}
