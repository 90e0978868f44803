import type { Attempt } from '@gatehouse/auth-core';
import type { Session } from '../session/session.ts';
import type { Admitted } from './admission.ts';
import type { KeepAlive } from './keepalive.ts';

/** Where a connection is. Every transition is in `connection.ts`; nothing leads back from `closing`. */
export type ConnectionState =
  | { readonly tag: 'awaiting-connect' }
  | { readonly tag: 'authenticating'; readonly attempt: Attempt }
  /** Admitted; its session is on the way to the disk, CONNACK comes then. */
  | { readonly tag: 'storing'; readonly session: Session; readonly admitted: Admitted }
  | {
      readonly tag: 'online';
      readonly session: Session;
      readonly keepAlive: KeepAlive;
      /** Cancels the timer that ends the session with its grant. */
      readonly cancelExpiry: () => void;
    }
  | { readonly tag: 'closing'; readonly what: string };
