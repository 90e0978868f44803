import type { AcceptedLogin, AttemptSample, Signature } from '@gatehouse/ports';

// What V8 keeps for a thing on a 64-bit machine, rounded up. Text counts two bytes a unit, although most of it takes one.
const TEXT_BYTES = 24;
const UNIT_BYTES = 2;

/** Map slot, hex key and entry. */
const ENTRY_BYTES = 320;
/** The lists of an entry with more than one attempt. */
export const HISTORY_BYTES = 240;
const SAMPLE_BYTES = 140;
const SIGNATURE_BYTES = 140;
const AGGREGATE_BYTES = 240;
/** Times, digests and hints of one key at their bounds, with map slot and key. */
export const EVIDENCE_BYTES = 640;
const LOGIN_BYTES = 200;
/** Key, hints and map slot of evidence that waits by itself. */
export const HINT_BYTES = 400;

export const textBytes = (text: string | null): number =>
  text === null ? 0 : TEXT_BYTES + UNIT_BYTES * text.length;

/** Bytes that an entry takes whose last attempt is this JSON. */
export const entryBytes = (last: string): number => ENTRY_BYTES + textBytes(last);

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
