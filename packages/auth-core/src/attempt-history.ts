import { networkOf } from './network/cidr.ts';
import type { ReasonCode } from './reasons/index.ts';

/** What the history of refused attempts is made of. */
interface RefusedFacts {
  readonly ref: string;
  readonly untold?: true;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly reason: ReasonCode;
  readonly ip: string;
  readonly username: string | null;
  readonly listener: string;
  readonly connackCode: number | null;
  readonly passwordProvided: boolean;
  readonly tlsUsed: boolean;
  readonly protocol: 3 | 4 | 5 | null;
  readonly certificate: { readonly fingerprint: string; readonly commonName?: string | undefined } | null;
  readonly pskIdentity: string | null;
}

/** An attempt as one line of a history. */
export function sampleOf(attempt: Omit<RefusedFacts, 'certificate' | 'pskIdentity'>) {
  const { ref, at, reason, ip, username, listener, connackCode, passwordProvided, tlsUsed, protocol } =
    attempt;
  const sample = {
    ref,
    at,
    reason,
    ip,
    username,
    listener,
    connackCode,
    passwordProvided,
    tlsUsed,
    protocol,
  };
  return attempt.untold === undefined ? sample : { ...sample, untold: attempt.untold };
}

/** Who made an attempt, as far as attempts under one key are told apart. */
export function signatureOf({
  at,
  reason,
  ip,
  username,
  listener,
  certificate,
  pskIdentity,
}: Pick<RefusedFacts, 'at' | 'reason' | 'ip' | 'username' | 'listener' | 'certificate' | 'pskIdentity'>) {
  return {
    username,
    network: networkOf(ip),
    reason,
    listener,
    ...(certificate === null
      ? {}
      : { fingerprint: certificate.fingerprint, commonName: certificate.commonName }),
    ...(pskIdentity === null ? {} : { pskIdentity }),
    attempts: 1,
    firstAt: at,
    lastAt: at,
    resolved: false,
  };
}
