import { comparableName, comparableSerial, type Der, DER_TAG, readDer, timeOf } from './der.ts';

/** A revocation list (RFC 5280 §5), as far as this server looks at it by itself; signatures are OpenSSL's business. */
export interface RevocationList {
  readonly pem: string;
  /** As `comparableName` writes it. */
  readonly issuer: string;
  /** Milliseconds since the epoch; undefined: it says nothing of a next one. */
  readonly nextUpdate: number | undefined;
  /** As `comparableSerial` writes them. */
  readonly serials: ReadonlySet<string>;
}

const BLOCK = /-----BEGIN X509 CRL-----([\s\S]*?)-----END X509 CRL-----/g;

/**
 * Reads the lists of a PEM text. OpenSSL, through Node, takes only the first of several in one text, so that each keeps
 * its own.
 *
 * @throws Error in words when there is none, or one cannot be read.
 */
export function readRevocationLists(pem: string): readonly RevocationList[] {
  const blocks = [...pem.matchAll(BLOCK)];
  if (blocks.length === 0) throw new Error('there is no revocation list in it (PEM, "X509 CRL")');
  return blocks.map(([block, base64 = ''], index) => {
    const list = readList(block, Buffer.from(base64, 'base64'));
    if (list === undefined) throw new Error(`its revocation list number ${index + 1} is damaged`);
    return list;
  });
}

function readList(pem: string, der: Buffer): RevocationList | undefined {
  const [whole] = readDer(der) ?? [];
  const [toBeSigned] = readDer(whole?.content ?? Buffer.alloc(0)) ?? [];
  const fields = readDer(toBeSigned?.content ?? Buffer.alloc(0)) ?? [];
  // Version is optional, and the only number here.
  const rest = fields[0]?.tag === DER_TAG.integer ? fields.slice(1) : fields;
  const [, issuer, thisUpdate, ...more] = rest;
  if (issuer === undefined || thisUpdate === undefined || timeOf(thisUpdate) === undefined) return undefined;
  const next = more[0] === undefined ? undefined : timeOf(more[0]);
  const revoked = (next === undefined ? more[0] : more[1]) ?? EMPTY;
  return {
    pem: `${pem}\n`,
    issuer: comparableName(issuer),
    nextUpdate: next,
    serials: revoked.tag === DER_TAG.sequence ? serialsOf(revoked) : new Set(),
  };
}

const EMPTY: Der = { tag: 0, content: Buffer.alloc(0) };

function serialsOf(revoked: Der): ReadonlySet<string> {
  const out = new Set<string>();
  for (const entry of readDer(revoked.content) ?? []) {
    const [serial] = readDer(entry.content) ?? [];
    if (serial?.tag === DER_TAG.integer) out.add(comparableSerial(serial.content.toString('hex')));
  }
  return out;
}

/** Issuer and subject of a certificate as lists are compared with them. */
export function namesOfCertificate(raw: Buffer): { readonly issuer: string; readonly subject: string } {
  const [whole] = readDer(raw) ?? [];
  const [toBeSigned] = readDer(whole?.content ?? Buffer.alloc(0)) ?? [];
  const fields = readDer(toBeSigned?.content ?? Buffer.alloc(0)) ?? [];
  // Version is optional and has a tag of its own; then serial number, algorithm, issuer, validity, subject.
  const from = fields[0]?.tag === DER_TAG.integer ? 0 : 1;
  const name = (index: number): string => comparableName(fields[from + index] ?? EMPTY);
  return { issuer: name(2), subject: name(4) };
}
