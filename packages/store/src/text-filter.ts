import type { TextFilter } from '@gatehouse/ports';
import { type Dialect, type Fragment, fragment } from './sql.ts';

/** Sorts after every text that begins with what it is appended to. */
const LAST_CHARACTER = '\u{10FFFF}';

/** Begins with, in a form that an index on the expression serves. */
export function startsWith(expression: string, value: string): Fragment {
  return fragment(`(${expression} >= ? AND ${expression} <= ?)`, value, value + LAST_CHARACTER);
}

/** Contains, without regard to the case of ASCII letters. */
export function contains(dialect: Dialect, expression: string, value: string): Fragment {
  const pattern = `%${value.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  return fragment(`${expression} ${dialect === 'sqlite' ? 'LIKE' : 'ILIKE'} ? ESCAPE '\\'`, pattern);
}

/** What a filter asks of a text. */
export function textFragment(dialect: Dialect, expression: string, { op, value }: TextFilter): Fragment {
  switch (op) {
    case 'eq':
      return fragment(`${expression} = ?`, value);
    case 'starts':
      return startsWith(expression, value);
    case 'contains':
      return contains(dialect, expression, value);
  }
}
