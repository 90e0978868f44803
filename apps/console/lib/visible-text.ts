/** A run of plain text, or one character that would not be seen, by its name. */
export type TextPart =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'token'; readonly name: string };

const NAMES: Readonly<Record<number, string>> = {
  0x00: 'NUL',
  0x09: 'TAB',
  0x0a: 'LF',
  0x0d: 'CR',
  0x1b: 'ESC',
  0x7f: 'DEL',
  0xa0: 'NBSP',
  0xad: 'SHY',
  0x200b: 'ZWSP',
  0x200c: 'ZWNJ',
  0x200d: 'ZWJ',
  0x200e: 'LRM',
  0x200f: 'RLM',
  0x202a: 'LRE',
  0x202b: 'RLE',
  0x202c: 'PDF',
  0x202d: 'LRO',
  0x202e: 'RLO',
  0x2066: 'LRI',
  0x2067: 'RLI',
  0x2068: 'FSI',
  0x2069: 'PDI',
  0xfeff: 'BOM',
};

/** Control, format, separator, private-use, surrogate and unassigned characters, and every space but U+0020. */
const UNSEEN =
  /[\p{C}\p{Zl}\p{Zp}\u{a0}\u{2000}-\u{200a}\u{202f}\u{205f}\u{3000}\u{115f}\u{1160}\u{3164}\u{ffa0}]/u;

const nameOf = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  return NAMES[code] ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
};

/**
 * Splits what a client sent into text that can be shown as it is and tokens for what cannot be seen or would
 * reorder its surroundings. Reads at most `charactersMax` characters; `cut` says that there was more.
 */
export function visibleText(
  text: string,
  charactersMax: number,
): { readonly parts: readonly TextPart[]; readonly cut: boolean } {
  const parts: TextPart[] = [];
  let run = '';
  let count = 0;
  const flush = (): void => {
    if (run !== '') parts.push({ kind: 'text', text: run });
    run = '';
  };
  for (const character of text) {
    if (count === charactersMax) {
      flush();
      return { parts, cut: true };
    }
    count += 1;
    if (UNSEEN.test(character)) {
      flush();
      parts.push({ kind: 'token', name: nameOf(character) });
    } else run += character;
  }
  flush();
  return { parts, cut: false };
}
