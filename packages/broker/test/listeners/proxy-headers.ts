/** A version 2 header of the PROXY protocol; each part can be wrong. */
export function proxyV2(header: {
  readonly command?: number;
  readonly family?: number;
  readonly ip: readonly number[];
  readonly port: number;
  readonly tlvs?: Buffer;
  readonly bodyBytes?: number;
}): Buffer {
  const { command = 0x21, ip, port, tlvs = Buffer.alloc(0) } = header;
  const family = header.family ?? (ip.length === 16 ? 0x21 : 0x11);
  const ports = family >> 4 === 3 || ip.length === 0 ? [] : [port >> 8, port & 0xff, 0x07, 0x5b];
  const body = Buffer.concat([Buffer.from([...ip, ...ip, ...ports]), tlvs]);
  const bytes = header.bodyBytes ?? body.length;
  const signature = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a];
  return Buffer.concat([
    Buffer.from([...signature, command, family, bytes >> 8, bytes & 0xff]),
    body.subarray(0, bytes),
  ]);
}

/** One type-length-value of such a header. */
const tlv = (type: number, value: Buffer): Buffer =>
  Buffer.concat([Buffer.from([type, value.length >> 8, value.length & 0xff]), value]);

/** What a proxy tells of the client's TLS: `bits` 7 with a certificate, `verify` 0 if that is good. */
export function proxiedTls(commonName: string | Buffer, { bits = 0x07, verify = 0 } = {}): Buffer {
  const head = Buffer.from([bits, 0, 0, 0, verify]);
  const version = tlv(0x21, Buffer.from('TLSv1.3'));
  return Buffer.concat([
    tlv(0x01, Buffer.from('mqtt')),
    tlv(0x20, Buffer.concat([head, version, tlv(0x22, Buffer.from(commonName))])),
  ]);
}
