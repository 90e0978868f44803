import type { AlternativeNames, ChainCertificate } from '../attempt.ts';

/** What a certificate has to have for a credential to speak for it, as plain data: patterns are RE2 expressions. */
export type X509MatchValue =
  | { readonly by: 'cn'; readonly value: string }
  | { readonly by: 'cn_pattern'; readonly pattern: string }
  | { readonly by: 'san'; readonly kind: keyof AlternativeNames; readonly value: string }
  /** SHA-256 of the DER, lower-case hex. */
  | { readonly by: 'fingerprint'; readonly value: string }
  /** Issuer as RFC 4514 writes it; serial number as upper-case hex. */
  | { readonly by: 'issuer_serial'; readonly issuer: string; readonly serial: string };

/** With what the key of a pattern begins; keys of exact matches never do. */
export const X509_PATTERN_KEY = 'cn_pattern:';
/** With what the key of an exact common name begins. */
export const X509_CN_KEY = 'cn:';

/**
 * What a match is found by, and unique by: two matches with one key speak for the same certificates. Host and mail names
 * are compared without case.
 *
 * @example x509KeyOf({ by: 'cn', value: 'pump-1' }) // 'cn:pump-1'
 */
export function x509KeyOf(match: X509MatchValue): string {
  switch (match.by) {
    case 'cn':
      return X509_CN_KEY + match.value;
    case 'cn_pattern':
      return X509_PATTERN_KEY + match.pattern;
    case 'san':
      return `san_${match.kind}:${match.kind === 'uri' ? match.value : match.value.toLowerCase()}`;
    case 'fingerprint':
      return `fingerprint:${match.value.replaceAll(':', '').toLowerCase()}`;
    case 'issuer_serial':
      return `issuer_serial:${match.serial.toUpperCase().replace(/^0+(?=.)/, '')}:${match.issuer}`;
  }
}

/** The keys of all exact matches that speak for a certificate. */
export function x509KeysOf(certificate: ChainCertificate): readonly string[] {
  const { commonName, fingerprint, issuer, serialNumber: serial, alternativeNames } = certificate;
  const matches: X509MatchValue[] = [
    { by: 'fingerprint', value: fingerprint },
    { by: 'issuer_serial', issuer, serial },
    ...(commonName === undefined ? [] : [{ by: 'cn', value: commonName } as const]),
    ...(['dns', 'uri', 'email'] as const).flatMap((kind) =>
      alternativeNames[kind].map((value) => ({ by: 'san', kind, value }) as const),
    ),
  ];
  return [...new Set(matches.map(x509KeyOf))];
}
