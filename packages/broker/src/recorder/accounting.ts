import type { AcceptedLogin, AttemptSample, Signature } from '@gatehouse/ports';
import type { PlainAttempt } from './plain-attempt.ts';

// What V8 keeps for a thing on a 64-bit machine, rounded up. Text counts two bytes a unit, although most of it takes one.
const TEXT_BYTES = 24;
const UNIT_BYTES = 2;
const OBJECT_BYTES = 48;
const SLOT_BYTES = 8;

/** Map slot, hex key and entry. */
const ENTRY_BYTES = 320;
/** The lists of an entry with more than one attempt. */
export const HISTORY_BYTES = 240;
const ATTEMPT_BYTES = 240;
const CERTIFICATE_BYTES = 120;
const TRACE_STEP_BYTES = 120;
const SAMPLE_BYTES = 140;
const SIGNATURE_BYTES = 140;
const AGGREGATE_BYTES = 240;
/** Times, digests and hints of one key at their bounds, with map slot and key. */
export const EVIDENCE_BYTES = 640;
const LOGIN_BYTES = 200;
/** Key, hints and map slot of evidence that waits by itself. */
export const HINT_BYTES = 400;

const textBytes = (text: string | null): number =>
  text === null ? 0 : TEXT_BYTES + UNIT_BYTES * text.length;

/** Bytes that an entry takes with its first attempt. */
export const entryBytes = (last: PlainAttempt): number => ENTRY_BYTES + attemptBytes(last);

/** Bytes of an attempt itself: what changes when a later one replaces it. */
export function attemptBytes(last: PlainAttempt): number {
  const texts = [last.ref, last.clientId, last.username, last.ip, last.pskIdentity];
  const steps = last.trace.map((step) => TRACE_STEP_BYTES + detailBytes(step.detail ?? {}));
  return (
    ATTEMPT_BYTES +
    sum(texts.map(textBytes)) +
    detailBytes(last.detail) +
    sum(steps) +
    (last.certificate === null ? 0 : certificateBytes(last.certificate)) +
    sum((last.presented ?? []).map(certificateBytes))
  );
}

const certificateBytes = (facts: object): number =>
  CERTIFICATE_BYTES +
  sum(Object.values(facts).map((text: unknown) => textBytes(typeof text === 'string' ? text : null)));

export const sampleBytes = (sample: AttemptSample): number =>
  SAMPLE_BYTES + textBytes(sample.ref) + textBytes(sample.username) + textBytes(sample.ip);

type Identified = Pick<Signature, 'username' | 'network' | 'fingerprint' | 'commonName' | 'pskIdentity'>;

export const signatureBytes = (signature: Identified): number =>
  SIGNATURE_BYTES +
  textBytes(signature.username) +
  textBytes(signature.network) +
  textBytes(signature.fingerprint ?? null) +
  textBytes(signature.commonName ?? null) +
  textBytes(signature.pskIdentity ?? null);

export const loginBytes = (login: AcceptedLogin): number =>
  LOGIN_BYTES +
  textBytes(login.clientId) +
  textBytes(login.username) +
  textBytes(login.ip) +
  textBytes(login.credentialId) +
  textBytes(login.serialNumber ?? null) +
  textBytes(login.fingerprint ?? null) +
  textBytes(login.commonName ?? null) +
  textBytes(login.pskIdentity ?? null);

export const aggregateBytes = (network: string): number => AGGREGATE_BYTES + 2 * textBytes(network);

function detailBytes(detail: PlainAttempt['detail']): number {
  const values = Object.entries(detail).map(([name, value]) => {
    if (typeof value === 'string') return textBytes(name) + textBytes(value);
    if (typeof value !== 'object') return textBytes(name) + SLOT_BYTES;
    return textBytes(name) + OBJECT_BYTES + sum(value.map(textBytes));
  });
  return OBJECT_BYTES + sum(values);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
