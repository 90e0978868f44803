/** Bytes of a hexadecimal text in either case, or undefined when it is none. */
export function fromHex(text: string): Uint8Array | undefined {
  if (text.length === 0 || text.length % 2 !== 0 || !/^[0-9a-fA-F]+$/.test(text)) return undefined;
  return new Uint8Array(Buffer.from(text, 'hex'));
}

/** Bytes of a standard base64 text; `padding` says whether `=` must be there (LDAP, mosquitto) or not (PHC). */
export function fromBase64(text: string, padding: 'padded' | 'unpadded'): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  const canonical = bytes.toString('base64');
  const expected = padding === 'padded' ? canonical : canonical.replace(/=+$/, '');
  return text.length > 0 && text === expected ? new Uint8Array(bytes) : undefined;
}

/** Standard base64 without padding, as PHC strings have it. */
export const toPhcBase64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes).toString('base64').replace(/=+$/, '');

/** A decimal integer without sign or leading zeros, at most nine digits. */
export const fromDecimal = (text: string): number | undefined =>
  /^(0|[1-9][0-9]{0,8})$/.test(text) ? Number(text) : undefined;

export const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf8'));
