import { saslprep } from './scram-saslprep.ts';

/** The messages of SCRAM (RFC 5802 §7), read strictly: what is not written as it says is not guessed at. */

/** Bytes that a message may have; names and nonces are short. */
const MESSAGE_BYTES_MAX = 4_096;

/** What the client says first. */
export interface ClientFirst {
  /** What precedes the message itself; the client repeats it, so that nobody on the way changes it. */
  readonly gs2Header: string;
  readonly bare: string;
  /** As SASLprep has it; never empty. */
  readonly username: string;
  readonly nonce: string;
}

/** What the client says last. */
export interface ClientFinal {
  readonly withoutProof: string;
  /** The GS2 header that the client repeats. */
  readonly binding: string;
  readonly nonce: string;
  readonly proof: Uint8Array;
}

/** A message that is none; `problem` names the field, never what it held. */
export interface ScramProblem {
  readonly problem: string;
}

export const isProblem = (value: object): value is ScramProblem => 'problem' in value;

const problem = (text: string): ScramProblem => ({ problem: text });

const textOf = (data: Uint8Array): string | undefined => {
  if (data.length > MESSAGE_BYTES_MAX) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    return undefined;
  }
};

const NOT_TEXT = `the message is longer than ${MESSAGE_BYTES_MAX} bytes, or no UTF-8`;

/** `printable` of RFC 5802 §7: ASCII without the comma. */
const NONCE = /^[!-+\--~]+$/;
const EXTENSION = /^[A-Za-z]=[^\0,]+$/;

/** Reads `client-first-message`: `n,,n=user,r=nonce`. */
export function readClientFirst(data: Uint8Array): ClientFirst | ScramProblem {
  const text = textOf(data);
  if (text === undefined) return problem(NOT_TEXT);
  const header = /^([^,]*),(a=[^,]*)?,/.exec(text);
  if (header === null) return problem('the GS2 header is missing');
  const [gs2Header, flag = '', authorization] = header;
  if (flag.startsWith('p=')) return problem('channel binding is asked for, and is not offered');
  if (flag !== 'n' && flag !== 'y') return problem('the channel binding flag is none of n, y and p');
  const bare = text.slice(gs2Header.length);
  const [name = '', nonce = '', ...extensions] = bare.split(',');
  if (name.startsWith('m=')) return problem('a mandatory extension (m) is asked for, and there is none');
  const username = name.startsWith('n=') ? saslName(name.slice(2)) : undefined;
  if (username === undefined) return problem('the username (n) is missing or not valid');
  if (!nonce.startsWith('r=') || !NONCE.test(nonce.slice(2))) {
    return problem('the nonce (r) is missing or not valid');
  }
  if (!extensions.every((extension) => EXTENSION.test(extension)))
    return problem('an extension is not valid');
  if (authorization !== undefined && saslName(authorization.slice(2)) !== username) {
    return problem('the client wants to act as somebody else (a), which is not offered');
  }
  return { gs2Header, bare, username, nonce: nonce.slice(2) };
}

/** A `saslname`: `=2C` and `=3D` stand for comma and equals sign, which it cannot hold; then SASLprep. */
function saslName(text: string): string | undefined {
  if (!/^(?:[^\0=,]|=2C|=3D)+$/u.test(text)) return undefined;
  const name = saslprep(text.replaceAll('=2C', ',').replaceAll('=3D', '='));
  return name === '' ? undefined : name;
}

/** Writes `server-first-message`; `nonce` is the client's and ours. */
export const serverFirst = (nonce: string, salt: Uint8Array, iterations: number): string =>
  `r=${nonce},s=${toBase64(salt)},i=${iterations}`;

/** What a client reads in `server-first-message`; undefined when it is none. */
export function readServerFirst(
  data: Uint8Array,
):
  | { readonly text: string; readonly nonce: string; readonly salt: Uint8Array; readonly iterations: number }
  | undefined {
  const text = textOf(data);
  const found = text === undefined ? null : /^r=([^,]+),s=([^,]+),i=([1-9][0-9]{0,8})$/.exec(text);
  const [, nonce, written, iterations] = found ?? [];
  const salt = written === undefined ? undefined : fromBase64(written);
  if (text === undefined || nonce === undefined || salt === undefined) return undefined;
  return { text, nonce, salt, iterations: Number(iterations) };
}

/** Reads `client-final-message`: `c=biws,r=nonce,p=proof`. */
export function readClientFinal(data: Uint8Array): ClientFinal | ScramProblem {
  const text = textOf(data);
  if (text === undefined) return problem(NOT_TEXT);
  const at = text.lastIndexOf(',p=');
  if (at < 0) return problem('the proof (p) is missing');
  const withoutProof = text.slice(0, at);
  const [binding = '', nonce = '', ...extensions] = withoutProof.split(',');
  const header = binding.startsWith('c=') ? fromBase64(binding.slice(2)) : undefined;
  if (header === undefined) return problem('the channel binding (c) is missing or not valid');
  if (!nonce.startsWith('r=')) return problem('the nonce (r) is missing');
  if (!extensions.every((extension) => EXTENSION.test(extension)))
    return problem('an extension is not valid');
  const proof = fromBase64(text.slice(at + ',p='.length));
  if (proof === undefined) return problem('the proof (p) is not base64');
  return { withoutProof, binding: latin1(header), nonce: nonce.slice(2), proof };
}

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

export const toBase64 = (bytes: Uint8Array): string => btoa(latin1(bytes));

/** Bytes of base64 as RFC 5802 §5.1 wants it: with its padding, and in the one way of writing it. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return undefined;
  const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  return toBase64(bytes) === text ? bytes : undefined;
}
