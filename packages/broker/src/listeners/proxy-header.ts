import { isIPv4, isIPv6 } from 'node:net';
import type { Taken } from './ahead.ts';
import { normalizeAddress } from './address.ts';
import { commonNameIn } from './proxy-tls.ts';

/** Whom a PROXY header speaks for. */
export interface ProxySource {
  readonly ip: string;
  readonly port: number;
  /** Of the client's certificate, which the proxy verified. */
  readonly commonName?: string | undefined;
}

/** What is wrong with the start of a connection that should begin with a PROXY header. */
type ProxyFault = 'missing' | 'malformed' | 'too-long';

/**
 * A PROXY header as it was read. `local`: the proxy speaks for itself (v2's LOCAL, v1's UNKNOWN), and the addresses of
 * the connection stand.
 */
export type ProxyHeader =
  | { readonly kind: 'proxied'; readonly source: ProxySource }
  | { readonly kind: 'local' }
  | { readonly kind: 'fault'; readonly what: ProxyFault };

const V1_SIGNATURE = Buffer.from('PROXY ');
const V2_SIGNATURE = Buffer.from([0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a]);
/** Longest line of version 1 with its CR LF (proxy-protocol.txt §2.1). */
const V1_BYTES_MAX = 107;
const V2_FIXED_BYTES = 16;
/** Addresses and TLVs of version 2. */
const V2_BODY_BYTES_MAX = 4_096;
const LOCAL = { kind: 'local' } as const;

const fault = (what: ProxyFault): Taken<ProxyHeader> => ({ value: { kind: 'fault', what }, usedBytes: 0 });

/**
 * Reads a header of the PROXY protocol, version 1 or 2 (haproxy's proxy-protocol.txt), from the first bytes of a
 * connection. Undefined while bytes are missing; never waits for more than the bounds above.
 */
export function readProxyHeader(bytes: Buffer): Taken<ProxyHeader> | undefined {
  if (startsLike(bytes, V2_SIGNATURE)) return bytes.length < V2_FIXED_BYTES ? undefined : version2(bytes);
  if (startsLike(bytes, V1_SIGNATURE)) return version1(bytes);
  return fault('missing');
}

/** As far as there are bytes, they are the signature's. */
function startsLike(bytes: Buffer, signature: Buffer): boolean {
  const length = Math.min(bytes.length, signature.length);
  return bytes.compare(signature, 0, length, 0, length) === 0;
}

function version1(bytes: Buffer): Taken<ProxyHeader> | undefined {
  const end = bytes.subarray(0, V1_BYTES_MAX).indexOf('\r\n');
  if (end < 0) return bytes.length < V1_BYTES_MAX ? undefined : fault('too-long');
  const usedBytes = end + 2;
  const [, family, source = '', destination = '', sourcePort = '', destinationPort = '', ...rest] = bytes
    .toString('latin1', 0, end)
    .split(' ');
  if (family === 'UNKNOWN') return { value: LOCAL, usedBytes };
  const isAddress = family === 'TCP4' ? isIPv4 : family === 'TCP6' ? isIPv6 : undefined;
  const fits =
    isAddress?.(source) === true &&
    isAddress(destination) &&
    isPort(sourcePort) &&
    isPort(destinationPort) &&
    rest.length === 0;
  return fits ? { value: proxied(source, Number(sourcePort)), usedBytes } : fault('malformed');
}

const isPort = (text: string): boolean => /^(0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 65_535;

const proxied = (ip: string, port: number, commonName?: string): ProxyHeader => ({
  kind: 'proxied',
  source: { ip: normalizeAddress(ip), port, ...(commonName === undefined ? {} : { commonName }) },
});

/** Bytes of source and destination address of a family of version 2. */
const FAMILY_ADDRESS_BYTES: Readonly<Record<number, number>> = { 1: 4, 2: 16 };

function version2(bytes: Buffer): Taken<ProxyHeader> | undefined {
  const versionAndCommand = bytes.readUInt8(12);
  const family = bytes.readUInt8(13) >> 4;
  const bodyBytes = bytes.readUInt16BE(14);
  if (versionAndCommand !== 0x20 && versionAndCommand !== 0x21) return fault('malformed');
  if (bodyBytes > V2_BODY_BYTES_MAX) return fault('too-long');
  const usedBytes = V2_FIXED_BYTES + bodyBytes;
  if (bytes.length < usedBytes) return undefined;
  const addressBytes = FAMILY_ADDRESS_BYTES[family];
  // LOCAL, and families that name no client of a network (unspecified, Unix sockets).
  if (versionAndCommand === 0x20 || addressBytes === undefined) return { value: LOCAL, usedBytes };
  if (bodyBytes < 2 * addressBytes + 4) return fault('malformed');
  const address = bytes.subarray(V2_FIXED_BYTES, V2_FIXED_BYTES + addressBytes);
  const port = bytes.readUInt16BE(V2_FIXED_BYTES + 2 * addressBytes);
  const tlvs = bytes.subarray(V2_FIXED_BYTES + 2 * addressBytes + 4, usedBytes);
  return { value: proxied(addressText(address), port, commonNameIn(tlvs)), usedBytes };
}

function addressText(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  return Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(2 * index).toString(16)).join(':');
}
