import type { Claims } from '@gatehouse/auth-core';

/** The header of a compact JWS, as far as it decides which key is asked. */
export interface ParsedToken {
  readonly alg: string;
  readonly kid: string | undefined;
}

const COMPACT = /^[\w-]+\.[\w-]*\.[\w-]*$/;
/** Characters of `alg` that are kept; no real one is longer. */
const ALG_CHARS_MAX = 32;
/** Characters of `kid` that are kept for showing. */
const KID_SHOWN_CHARS_MAX = 128;

/** Reads a token's header (RFC 7515, section 3.1); a text is what is wrong with it. Nothing in it is verified yet. */
export function parseToken(token: string): ParsedToken | string {
  if (!COMPACT.test(token)) return notCompact(token);
  const header = jsonObject(Buffer.from(token.slice(0, token.indexOf('.')), 'base64url'));
  if (header === undefined) return 'its header is no JSON object';
  const { alg, kid, crit } = header;
  // RFC 7515, section 4.1.11: an extension that must be understood and is not makes the token invalid.
  if (crit !== undefined) return 'its header asks for an extension (crit)';
  if (typeof alg !== 'string') return 'its header names no algorithm';
  if (kid !== undefined && typeof kid !== 'string') return 'its key ID (kid) is no text';
  return { alg: alg.slice(0, ALG_CHARS_MAX), kid };
}

function notCompact(token: string): string {
  const parts = token.split('.').length;
  if (parts === 5) return 'it is encrypted (JWE), not signed';
  if (/^\s|\s$/.test(token)) return 'it begins or ends with white space';
  return parts === 3 ? 'it has characters that no token has' : `it has ${parts} parts where a token has 3`;
}

/** The claims of a token whose signature is good; undefined when they are no JSON object. */
export const parseClaims = (payload: Uint8Array): Claims | undefined => jsonObject(payload);

function jsonObject(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
    return parsed as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}

/** A key ID as it may be shown. */
export const shownKid = (kid: string | undefined): string | undefined => kid?.slice(0, KID_SHOWN_CHARS_MAX);
