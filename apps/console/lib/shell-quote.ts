const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

const escapeUnseen = (character: string): string => {
  if (character === "'" || character === '\\') return `\\${character}`;
  if (!CONTROL.test(character)) return character;
  return Array.from(
    new TextEncoder().encode(character),
    (byte) => `\\x${byte.toString(16).padStart(2, '0')}`,
  ).join('');
};

/** One argument of a POSIX shell; characters that cannot be seen are written as escapes (bash, zsh, ksh). */
export function shellQuote(text: string): string {
  if (PLAIN.test(text)) return text;
  if (CONTROL.test(text)) return `$'${Array.from(text, escapeUnseen).join('')}'`;
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
