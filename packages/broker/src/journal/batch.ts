import type { SharedBatch } from '../cluster/batch.ts';
import type { RecordWriter } from './record-writer.ts';
import type { Ticket, Waiter } from './ticket.ts';

/** What is committed together. */
export interface Batch {
  readonly ticket: Ticket;
  readonly writer: RecordWriter;
  readonly waiters: Set<Waiter>;
  /** What it does for other nodes, where there are any. */
  readonly shared: SharedBatch | undefined;
}

/** Records, and what is to be done for other nodes. */
export const entriesOf = ({ writer, shared }: Batch): number => writer.records + (shared?.entries ?? 0);

/** What it takes in memory. */
export const bytesOf = ({ writer, shared }: Batch): number => writer.bytes + (shared?.bytes ?? 0);

/** Both as one, which has the number of the later; neither is used afterwards. */
export function joined({ writer, waiters, shared }: Batch, later: Batch): Batch {
  writer.absorb(later.writer);
  shared?.absorb(later.shared);
  for (const waiter of later.waiters) waiters.add(waiter);
  return { ticket: later.ticket, writer, waiters, shared };
}
