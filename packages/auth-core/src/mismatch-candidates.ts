/** What a wrong password may be instead; the hints' names are those of the recorded evidence (auth.md §10). */
export type CandidateHint = 'trailing-whitespace' | 'hex-or-base64-form' | 'username-password-swapped';

/** A password that the client may have meant, for trying against the stored secret. Never stored, never shown. */
export interface MismatchCandidate {
  readonly hint: CandidateHint;
  readonly password: Uint8Array;
  /** The username that the client may have meant; differs from what it sent only when the two were swapped. */
  readonly username: string | undefined;
}

/** Passwords longer than this, in bytes, are no mistake of form, and not worth the work. */
const PASSWORD_BYTES_MAX = 1_024;

const decodeUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encodeUtf8 = new TextEncoder();

/**
 * The passwords that a client may have meant, from what it sent: without blanks or a newline around it, read from or
 * written as hexadecimal or base64, or exchanged with the username. At most six, none of them what was sent.
 */
export function mismatchCandidates(
  username: string | undefined,
  password: Uint8Array,
): readonly MismatchCandidate[] {
  if (password.length === 0 || password.length > PASSWORD_BYTES_MAX) return [];
  const text = textOf(password);
  const of = (hint: CandidateHint, bytes: Uint8Array | undefined): readonly MismatchCandidate[] =>
    bytes === undefined || bytes.length === 0 || sameBytes(bytes, password)
      ? []
      : [{ hint, password: bytes, username }];
  const asText = (hint: CandidateHint, value: string): readonly MismatchCandidate[] =>
    of(hint, encodeUtf8.encode(value));
  return [
    ...(text === undefined ? [] : asText('trailing-whitespace', text.trim())),
    ...(text === undefined ? [] : of('hex-or-base64-form', fromHex(text.trim()))),
    ...(text === undefined ? [] : of('hex-or-base64-form', fromBase64(text.trim()))),
    ...asText('hex-or-base64-form', toHex(password)),
    ...asText('hex-or-base64-form', toBase64(password)),
    ...swapped(username, text),
  ];
}

/** The client put its password where the username belongs, and the other way round. */
function swapped(username: string | undefined, password: string | undefined): readonly MismatchCandidate[] {
  if (username === undefined || username === '' || password === undefined || username === password) return [];
  return [{ hint: 'username-password-swapped', password: encodeUtf8.encode(username), username: password }];
}

/** The bytes as text; undefined when they are no UTF-8. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return decodeUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}

const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

function fromHex(text: string): Uint8Array | undefined {
  if (!/^(?:[0-9a-f]{2})+$/i.test(text)) return undefined;
  return Uint8Array.from({ length: text.length / 2 }, (_, at) =>
    parseInt(text.slice(at * 2, at * 2 + 2), 16),
  );
}

const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

/** Base64 or base64url, with or without padding; undefined when the text is neither. */
function fromBase64(text: string): Uint8Array | undefined {
  const plain = text
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replace(/={1,2}$/, '');
  if (!/^[A-Za-z0-9+/]+$/.test(plain) || plain.length % 4 === 1) return undefined;
  return Uint8Array.from(atob(plain), (char) => char.charCodeAt(0));
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index]);
