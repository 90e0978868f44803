import type { AccessPolicy } from '../access/policy.ts';
import type { Clock } from '@gatehouse/ports';
import type { Limits } from '../config.ts';
import type { Journal } from '../journal/journal.ts';
import type { BoundCounters } from '../telemetry/bounds.ts';
import type { MessageCounters } from '../telemetry/messages.ts';
import type { HeldTotal } from './held.ts';

/** What a session needs from the house. */
export interface SessionContext {
  readonly access: AccessPolicy;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly messages: MessageCounters;
  readonly bounds: BoundCounters;
  readonly heldTotal: HeldTotal;
  readonly journal: Journal;
}
