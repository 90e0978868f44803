import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';

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
