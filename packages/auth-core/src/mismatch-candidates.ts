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
  const found: MismatchCandidate[] = [];
  const add = (hint: CandidateHint, bytes: Uint8Array | undefined): void => {
    if (bytes === undefined || bytes.length === 0 || sameBytes(bytes, password)) return;
    found.push({ hint, password: bytes, username });
  };
  const text = textOf(password);
  const trimmed = text?.trim();
  if (text !== undefined && trimmed !== undefined) {
    if (trimmed !== text) add('trailing-whitespace', encodeUtf8.encode(trimmed));
    add('hex-or-base64-form', fromHex(trimmed));
    add('hex-or-base64-form', fromBase64(trimmed));
  }
  const bytes = Buffer.from(password.buffer, password.byteOffset, password.byteLength);
  add('hex-or-base64-form', encodeUtf8.encode(bytes.toString('hex')));
  add('hex-or-base64-form', encodeUtf8.encode(bytes.toString('base64')));
  found.push(...swapped(username, text));
  return found;
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

function fromHex(text: string): Uint8Array | undefined {
  return /^(?:[0-9a-f]{2})+$/i.test(text) ? new Uint8Array(Buffer.from(text, 'hex')) : undefined;
}

/** Base64 or base64url, with or without padding; undefined when the text is neither. */
function fromBase64(text: string): Uint8Array | undefined {
  const plain = text.replace(/={1,2}$/, '');
  if (!/^[A-Za-z0-9+/_-]+$/.test(plain) || plain.length % 4 === 1) return undefined;
  return new Uint8Array(Buffer.from(plain, 'base64'));
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
