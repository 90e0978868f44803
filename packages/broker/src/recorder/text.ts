const UTF8_BYTES_PER_UNIT_MAX = 3;

/** Cuts a text to at most `bytesMax` bytes of UTF-8, never inside a character. */
export function cutUtf8(
  text: string,
  bytesMax: number,
): { readonly text: string; readonly truncated: boolean } {
  if (text.length * UTF8_BYTES_PER_UNIT_MAX <= bytesMax) return { text, truncated: false };
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= bytesMax) return { text, truncated: false };
  let end = bytesMax;
  while (end > 0 && isContinuation(bytes[end])) end--;
  return { text: bytes.toString('utf8', 0, end), truncated: true };
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/** Header, payload and signature of a compact JWS; the `{"` of its JSON header is `eyJ` in base64url. */
const TOKEN = /^(eyJ[\w-]{2,})\.([\w-]+)\.[\w-]*$/;
const TOKEN_PART_CHARS_MAX = 128;

/** A username that is a token, which is a secret, is kept as `jwt:subject/kid`; any other as it is. */
export function withoutToken(username: string): string {
  const match = TOKEN.exec(username);
  if (match === null) return username;
  const [, header = '', payload = ''] = match;
  return `jwt:${member(payload, 'sub')}/${member(header, 'kid')}`;
}

function member(part: string, name: string): string {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    if (typeof parsed !== 'object' || parsed === null || !Object.hasOwn(parsed, name)) return '-';
    const value: unknown = Reflect.get(parsed, name);
    return typeof value === 'string' || typeof value === 'number'
      ? String(value).slice(0, TOKEN_PART_CHARS_MAX)
      : '-';
  } catch {
    return '-';
  }
}
