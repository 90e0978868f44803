/** Says which batch something is in; 0: in none, there is nothing to wait for. */
export type Ticket = number;

/** Something that goes on when a batch is on the disk. */
export interface Waiter {
  committed(): void;
  /** The disk takes nothing for now; `committed` may still come. */
  failing?(): void;
}
