import { createSecureContext, type SecureVersion } from 'node:tls';

/** Mozilla's intermediate configuration, version 5.7. */
const INTERMEDIATE = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'DHE-RSA-AES128-GCM-SHA256',
  'DHE-RSA-AES256-GCM-SHA384',
  'DHE-RSA-CHACHA20-POLY1305',
] as const;
/** What TLS 1.0 and 1.1 need besides: they have none of the above. */
const BEFORE_TLS_1_2 = [
  'ECDHE-ECDSA-AES128-SHA',
  'ECDHE-RSA-AES128-SHA',
  'ECDHE-ECDSA-AES256-SHA',
  'ECDHE-RSA-AES256-SHA',
] as const;
/** OpenSSL 3 signs TLS 1.0 and 1.1 handshakes at this security level only. */
const LEVEL_BEFORE_TLS_1_2 = '@SECLEVEL=0';

/** A cipher list as OpenSSL is given it, and the names it does not know. */
export interface CipherList {
  readonly usable: readonly string[];
  readonly unknown: readonly string[];
}

const isOld = (minVersion: SecureVersion): boolean => minVersion === 'TLSv1' || minVersion === 'TLSv1.1';

/**
 * Reads an OpenSSL cipher list (names and keywords between `:`, `,` or blanks); an empty one is Mozilla's intermediate
 * list. Each name is tried on its own, because OpenSSL leaves out silently what it does not know.
 */
export function readCiphers(list: string, minVersion: SecureVersion = 'TLSv1.2'): CipherList {
  const names = cipherNames(list);
  if (names.length === 0) {
    return { usable: isOld(minVersion) ? [...INTERMEDIATE, ...BEFORE_TLS_1_2] : INTERMEDIATE, unknown: [] };
  }
  const unknown = names.filter((name) => !isKnown(name));
  return { usable: names.filter((name) => !unknown.includes(name)), unknown };
}

/** Suites that begin with these use pre-shared keys (RFC 4279, RFC 5487, RFC 5489). */
const PSK_SUITE = /^(RSA-|DHE-|ECDHE-)?PSK-/;

/** Whether a name of a cipher list is that of a suite with pre-shared keys. */
export const isPskSuite = (name: string): boolean => PSK_SUITE.test(name);

/** The names of a cipher list. */
export const cipherNames = (list: string): readonly string[] =>
  list.split(/[:, ]+/).filter((name) => name !== '');

/** The list in OpenSSL's own notation. */
export function toOpenSsl({ usable }: CipherList, minVersion: SecureVersion): string {
  return [...usable, ...(isOld(minVersion) ? [LEVEL_BEFORE_TLS_1_2] : [])].join(':');
}

/** Exclusions (`!RC4`), orders (`@STRENGTH`) and the like never bring a suite in. */
const isDirective = (name: string): boolean => /^[!+@-]/.test(name);

function isKnown(name: string): boolean {
  if (isDirective(name)) return true;
  try {
    createSecureContext({ ciphers: name });
    return true;
  } catch {
    return false;
  }
}
