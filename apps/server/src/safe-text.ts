/** Characters that could move a cursor, reorder a line or hide in it: shown as `\u{…}`. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu;

/** Text from a stranger, fit for one line of a terminal. */
export const safe = (text: string): string =>
  text.replace(UNSAFE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
