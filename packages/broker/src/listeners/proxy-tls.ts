import { isUtf8 } from 'node:buffer';

/** TLS between the client and the proxy, and in it the common name of the client's certificate (proxy-protocol.txt §2.2.6). */
const TYPE_SSL = 0x20;
const SUBTYPE_CN = 0x22;
const TLV_HEAD_BYTES = 3;
/** A bit field, and 32 bits that are zero if the certificate verified. */
const SSL_HEAD_BYTES = 5;
/** The client presented a certificate on this connection, or in the session that it resumed. */
const CERTIFICATE_BITS = 0x02 | 0x04;

/** The first value of this type; undefined where there is none, or the list is torn. */
function valueOf(tlvs: Buffer, type: number): Buffer | undefined {
  let at = 0;
  while (at + TLV_HEAD_BYTES <= tlvs.length) {
    const end = at + TLV_HEAD_BYTES + tlvs.readUInt16BE(at + 1);
    if (end > tlvs.length) return undefined;
    if (tlvs.readUInt8(at) === type) return tlvs.subarray(at + TLV_HEAD_BYTES, end);
    at = end;
  }
  return undefined;
}

/** The common name of the client's certificate, which the proxy verified; from the TLVs of a version 2 header. */
export function commonNameIn(tlvs: Buffer): string | undefined {
  const ssl = valueOf(tlvs, TYPE_SSL);
  if (ssl === undefined || ssl.length < SSL_HEAD_BYTES) return undefined;
  if ((ssl.readUInt8(0) & CERTIFICATE_BITS) === 0 || ssl.readUInt32BE(1) !== 0) return undefined;
  const name = valueOf(ssl.subarray(SSL_HEAD_BYTES), SUBTYPE_CN);
  if (name === undefined || name.length === 0 || name.includes(0) || !isUtf8(name)) return undefined;
  return name.toString('utf8');
}
