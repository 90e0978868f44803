import { Secret, type Clock, type VerificationSubject } from '@gatehouse/auth-core';

/** A clock that moves only when told to; nothing here waits on it. */
export class ManualClock implements Clock {
  ms = 0;
  now(): number {
    return 1_700_000_000_000 + this.ms;
  }
  monotonic(): number {
    return this.ms;
  }
  after(): () => void {
    return () => undefined;
  }
}

export const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

export const subject = (
  over: Partial<Omit<VerificationSubject, 'password'>> & { password?: string } = {},
): VerificationSubject => {
  const { password = 'public', ...rest } = over;
  return {
    authenticator: 'builtin',
    identity: 'cred-1',
    version: 1,
    hash: 'sha256:efa1f375d76194fa51a3556a97e641e61685f914d446979da50a551a4333ffd7',
    password: new Secret(bytes(password)),
    ...rest,
  };
};

/** Fast to compute, and yet a slow form: it goes to the workers. */
export const BCRYPT_PUBLIC = '$2b$04$abcdefghijklmnopqrstuuaNoRgelGRsJ2Tm9Zn/HHRlHib6lnzBu';

/** A worker that takes jobs and never answers. */
export const SILENT_WORKER = new URL(
  `data:text/javascript,${encodeURIComponent("import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => {});")}`,
);

/** A worker that dies of its first job. */
export const CRASHING_WORKER = new URL(
  `data:text/javascript,${encodeURIComponent("import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => { throw new Error('crash'); });")}`,
);

/** A worker that ends without a word. */
export const EXITING_WORKER = new URL(
  `data:text/javascript,${encodeURIComponent("import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => process.exit(3));")}`,
);
