import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';

/** What a subject alternative name can be (RFC 5280 §4.2.1.6). */
export type NameKind = 'dns' | 'ip' | 'uri' | 'email';

/** GeneralName choices, the tags of the same clause. */
const CHOICES: Readonly<Record<NameKind, number>> = { email: 1, dns: 2, uri: 6, ip: 7 };
const HOST_NAME = /^(\*\.)?[a-z\d_]([a-z\d_-]*[a-z\d])?(\.[a-z\d_]([a-z\d_-]*[a-z\d])?)*$/i;
const URI = /^[a-z][a-z\d+.-]*:[\x21-\x7e]+$/i;
const EMAIL = /^[\x21-\x3f\x41-\x7e]+@[a-z\d.-]+$/i;
/** Characters of one name. */
const NAME_CHARACTERS_MAX = 253;

/** What kind of name a text is; undefined: none. */
export function kindOfName(name: string): NameKind | undefined {
  if (name.length > NAME_CHARACTERS_MAX) return undefined;
  if (isIP(name) !== 0) return 'ip';
  if (HOST_NAME.test(name)) return 'dns';
  if (EMAIL.test(name)) return 'email';
  return URI.test(name) ? 'uri' : undefined;
}

/** A name as forge takes it; what is no name is a host name, and judged before. */
export function generalName(name: string): object {
  const kind = kindOfName(name) ?? 'dns';
  return kind === 'ip' ? { type: CHOICES.ip, ip: name } : { type: CHOICES[kind], value: name };
}

/** Addresses of one machine that its certificate lists. */
const ADDRESSES_MAX = 32;

/** What this machine is called: localhost, its host name, its addresses (link-local ones need a zone and are left out). */
export function machineNames(): readonly string[] {
  const addresses = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .map(({ address }) => address)
    .filter((address) => isIP(address) !== 0 && !/^fe80:/i.test(address));
  const names = ['localhost', hostname(), '127.0.0.1', '::1', ...addresses.slice(0, ADDRESSES_MAX)];
  return [...new Set(names.filter((name) => name !== ''))];
}

/** Whether a certificate is good for all of these host names and addresses. */
export function covers(cert: string, names: readonly string[]): boolean {
  const parsed = new X509Certificate(cert);
  return names.every((name) =>
    isIP(name) === 0 ? parsed.checkHost(name) !== undefined : parsed.checkIP(name) !== undefined,
  );
}
