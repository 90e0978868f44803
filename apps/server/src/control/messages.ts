import type { MessagePort } from 'node:worker_threads';
import type { AuthSetup, ControlPlane, DataPlane, HeldJournal, JournalSegment } from '@gatehouse/ports';
import type { DeclaredIn } from './declared-auth.ts';
import type { DataDir } from '../runtime/data-dir.ts';

/** What the control-plane thread is started with: plain data and the port to the data plane. */
export interface ControlWorkerData {
  readonly declared: DeclaredIn;
  /** Where it differs from what `config` says, e.g. on a terminal. */
  readonly logFormat: 'json' | 'text';
  readonly dir: DataDir;
  readonly port: MessagePort;
}

/** How the start of the control plane went; a failure is told in words. */
export type ControlStart =
  | {
      readonly ok: true;
      readonly apiPort: number;
      /** Memory of an `IdentityFilter`; undefined where other nodes write the store too. */
      readonly identities: SharedArrayBuffer | undefined;
      /** The token of the one-time setup link, when there is no owner yet. */
      readonly setupToken: string | undefined;
      /** Authenticators, chains and anonymous policy that are in force from the start. */
      readonly authSetup: AuthSetup;
      /** What salts of unknown SCRAM users are made with; never logged. */
      readonly scramSecret: Uint8Array;
    }
  | { readonly ok: false; readonly message: string };

/** What the control-plane thread offers. */
export interface ControlMethods extends ControlPlane {
  start(): Promise<ControlStart>;
  /** Ports of the other threads, once they are known. */
  portsKnown(ports: Readonly<Record<string, number>>): void;
  /** Ends everything; resolves when the store is closed. */
  stop(): Promise<void>;
}

/** The journal of the data plane, held for one backup at a time. */
export interface JournalMethods {
  /** Undefined where there is none in the data directory. */
  holdJournal(): Promise<Pick<HeldJournal, 'after' | 'until'> | undefined>;
  readJournal(after: number): Promise<readonly JournalSegment[]>;
  releaseJournal(): Promise<void>;
}

/** What the data plane offers to it. */
export interface DataMethods extends DataPlane, JournalMethods {}
