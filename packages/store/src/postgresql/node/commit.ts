import type { JournalSegment, RetainedChange, SharedPart } from '@gatehouse/ports';
import { asBuffer, type Writer } from './journal.ts';

/** Bytes of a segment that holds no record: its format alone. */
const EMPTY_SEGMENT_BYTES = 1;
/** Parameters of the function. */
const PARAMETERS = 30;

export const COMMIT = `SELECT outcome, epoch FROM node_commit(${Array.from({ length: PARAMETERS }, (_, index) => `$${index + 1}`).join(', ')})`;

/** What the function answers. */
export interface CommitRow {
  readonly outcome: 'committed' | 'stale' | 'fenced' | 'disinherited';
  readonly epoch: number;
}

/** A part that does nothing for anybody. */
export const NOTHING: SharedPart = {
  matchedAt: undefined,
  listens: [],
  unlistens: [],
  mail: [],
  taken: [],
  released: [],
  transfers: [],
  retained: [],
  inherits: undefined,
};

/** Places in one run of bytes: what the same bytes go to several times they are sent once for. */
export class Blob {
  readonly #parts: Buffer[] = [];
  readonly #places = new Map<Uint8Array, number>();
  #bytes = 0;

  /** Where the bytes begin. */
  place(bytes: Uint8Array): number {
    const known = this.#places.get(bytes);
    if (known !== undefined) return known;
    const at = this.#bytes;
    this.#places.set(bytes, at);
    this.#parts.push(asBuffer(bytes));
    this.#bytes += bytes.byteLength;
    return at;
  }

  /** All of them. */
  whole(): Buffer {
    return Buffer.concat(this.#parts, this.#bytes);
  }
}

/** The values of `COMMIT`. Without a segment nothing can be told again: for what may be done twice. */
export function commitValues(
  { node, incarnation }: Writer,
  segment: JournalSegment | undefined,
  part: SharedPart,
): readonly unknown[] {
  const { listens, unlistens, mail, transfers } = part;
  const blob = new Blob();
  const retained = lastOfEach(part.retained);
  const isNeeded =
    segment !== undefined && (segment.bytes.byteLength > EMPTY_SEGMENT_BYTES || writesAnything(part));
  const moved = transfers.flatMap(({ clientId, to, listens: its }) =>
    its.map(({ filter, group }) => ({ clientId, to, filter, group })),
  );
  // In this order the places are given out.
  const values = {
    mail: mail.map(({ bytes }) => blob.place(bytes)),
    letters: transfers.map(({ letter }) => blob.place(letter)),
    forwards: transfers.map(({ forward }) => blob.place(forward)),
    topics: retained.map(({ bytes }) => (bytes === undefined ? 0 : blob.place(bytes))),
  };
  return [
    node,
    incarnation,
    segment?.number ?? null,
    isNeeded ? asBuffer(segment.bytes) : null,
    part.matchedAt ?? null,
    listens.map(({ filter }) => filter),
    listens.map(({ group }) => group),
    unlistens.map(({ filter }) => filter),
    unlistens.map(({ group }) => group),
    blob.whole(),
    mail.map(({ to }) => to),
    values.mail,
    mail.map(({ bytes }) => bytes.byteLength),
    part.taken,
    part.released,
    transfers.map(({ clientId }) => clientId),
    transfers.map(({ to }) => to),
    values.letters,
    transfers.map(({ letter }) => letter.byteLength),
    values.forwards,
    transfers.map(({ forward }) => forward.byteLength),
    moved.map(({ clientId }) => clientId),
    moved.map(({ to }) => to),
    moved.map(({ filter }) => filter),
    moved.map(({ group }) => group),
    retained.map(({ topic }) => topic),
    values.topics,
    // Gone: less than none.
    retained.map(({ bytes }) => bytes?.byteLength ?? -1),
    retained.map(({ unlessKnown }) => unlessKnown),
    part.inherits ?? null,
  ];
}

const writesAnything = ({
  listens,
  unlistens,
  mail,
  taken,
  released,
  transfers,
  retained,
  inherits,
}: SharedPart): boolean =>
  inherits !== undefined ||
  [listens, unlistens, mail, taken, released, transfers, retained].some(({ length }) => length > 0);

/** One change of each topic, as they would come out one after the other: what an old journal tells gives way. */
function lastOfEach(changes: readonly RetainedChange[]): readonly RetainedChange[] {
  const last = new Map<string, RetainedChange>();
  for (const change of changes)
    if (!change.unlessKnown || !last.has(change.topic)) last.set(change.topic, change);
  return [...last.values()];
}
