'use client';

import { useText } from '@/lib/i18n';

type Value = string | number | boolean | readonly string[];

/** A name in code as words: what nobody has named here yet still reads as text. */
const spelled = (key: string): string =>
  key
    .replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .replaceAll('_', ' ')
    .trim();

/** The code by which a system names a failure, at the beginning of a text. */
const LEADING_CODE = /^[A-Z][A-Z0-9_]{3,}/;

/** Details whose value says what a credential was found by. */
const NAMES_A_FIELD: ReadonlySet<string> = new Set(['matchedBy', 'matched', 'lookedUpBy', 'field']);

/** Names and values of the details of a decision, as people say them. */
export function useDetailWords(): {
  readonly nameOf: (key: string) => string;
  readonly valueOf: (key: string, value: Value) => string;
} {
  const t = useText('details');
  const common = useText('common');
  return {
    nameOf: (key) => (t.has(`name.${key}`) ? t(`name.${key}`) : spelled(key)),
    valueOf: (key, value) => {
      if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
      if (typeof value === 'number') return String(value);
      if (typeof value !== 'string') return value.join(', ');
      if (key === 'treatedAs' && common.has(`outcome.${value}`)) return common(`outcome.${value}`);
      if (NAMES_A_FIELD.has(key) && t.has(`by.${value}`)) return t(`by.${value}`);
      const code = LEADING_CODE.exec(value)?.[0] ?? '';
      return t.has(`code.${code}`) ? `${t(`code.${code}`)} (${value})` : value;
    },
  };
}
