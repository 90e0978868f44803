/** A cell that begins so is a formula to a spreadsheet (ASVS 1.2.10). */
const FORMULA = /^[=+\-@\t\r]/;
/** Control and bidirectional characters, which would move or hide what stands around them. */
const INVISIBLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\t\r\n]/g;

const visible = (character: string): string =>
  `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;

/** One cell by RFC 4180: quoted, quotes doubled, formulas disarmed by `'`, control and bidi characters written out. */
export const csvCell = (value: string | number | boolean | null): string => {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const armed = FORMULA.test(value);
  const text = value.replace(INVISIBLE, visible);
  return `"${(armed ? `'${text}` : text).replaceAll('"', '""')}"`;
};

export const csvLine = (cells: readonly (string | number | boolean | null)[]): string =>
  `${cells.map(csvCell).join(',')}\r\n`;
