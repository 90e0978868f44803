import { escapeUnseen, visibleJson } from './visible-json';

/** How a payload can be looked at. */
export type PayloadView = 'text' | 'json' | 'hex';

/** Bounds of what is drawn of one payload. */
export const PAYLOAD_SHOWN = { textCharactersMax: 65_536, hexBytesMax: 8_192 } as const;

export const bytesOf = (base64: string): Uint8Array =>
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

/** The payload as text; null when it is no UTF-8. */
function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** The same of the beginning of a payload, whose last character may be cut in two. */
export function textOfStart(bytes: Uint8Array, isWhole: boolean): string | null {
  const CHARACTER_BYTES_MAX = 4;
  for (let cut = 0; cut < (isWhole ? 1 : CHARACTER_BYTES_MAX); cut += 1) {
    const text = textOf(bytes.subarray(0, bytes.length - cut));
    if (text !== null) return text;
  }
  return null;
}

function jsonOf(text: string | null): string | null {
  if (text === null) return null;
  try {
    return visibleJson(JSON.parse(text));
  } catch {
    return null;
  }
}

const BYTES_PER_LINE = 16;
const hexByte = (byte: number): string => byte.toString(16).padStart(2, '0');
const printable = (byte: number): string => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·');

/** Offset, sixteen bytes, and those of them that print. */
function hexOf(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += BYTES_PER_LINE) {
    const line = [...bytes.subarray(at, at + BYTES_PER_LINE)];
    const hex = line
      .map(hexByte)
      .join(' ')
      .padEnd(BYTES_PER_LINE * 3 - 1);
    lines.push(`${at.toString(16).padStart(6, '0')}  ${hex}  ${line.map(printable).join('')}`);
  }
  return lines.join('\n');
}

/** What there is to see: each view that fits the payload, the most telling first. Nothing in it is ever markup. */
export function payloadViews(
  bytes: Uint8Array,
  isWhole: boolean,
): readonly { readonly view: PayloadView; readonly shown: string }[] {
  const { textCharactersMax, hexBytesMax } = PAYLOAD_SHOWN;
  const text = textOfStart(bytes, isWhole);
  const json = isWhole ? jsonOf(text) : null;
  return [
    ...(json === null ? [] : [{ view: 'json' as const, shown: json.slice(0, textCharactersMax) }]),
    ...(text === null
      ? []
      : [{ view: 'text' as const, shown: escapeUnseen(text.slice(0, textCharactersMax)) }]),
    { view: 'hex' as const, shown: hexOf(bytes.subarray(0, hexBytesMax)) },
  ];
}
