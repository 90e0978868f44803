import { PASSWORD_CHARS } from './chars.ts';
import { COMMON_PASSWORD_STEMS } from './common.ts';

/** What is wrong with a password, in words for the API. */
export const PASSWORD_FAULTS = {
  short: `at least ${PASSWORD_CHARS.min} characters`,
  long: `at most ${PASSWORD_CHARS.max} characters`,
  uniform: 'uses too few different characters',
  repetitive: 'is a repetition or a run of keys',
  common: 'is among the passwords that are tried first',
  own: 'is mostly the name or e-mail',
} as const;
export type PasswordFault = keyof typeof PASSWORD_FAULTS;

const LEET: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};
const DISTINCT_CHARS_MIN = 5;
const OWN_WORD_CHARS_MIN = 4;

/** Lower case, digits and signs at the ends taken off, look-alikes as letters, nothing but letters. */
const stemOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
    .replace(/[013457@$!]/g, (sign) => LEET[sign] ?? sign)
    .replace(/[^\p{L}]/gu, '');

/** True when the text is the pattern, or the pattern again and again. */
const isRepetition = (text: string): boolean => {
  for (let length = 1; length <= text.length / 2; length++) {
    const unit = text.slice(0, length);
    if (unit.repeat(Math.ceil(text.length / length)).startsWith(text)) return true;
  }
  return false;
};

/** Ascending and descending runs and keyboard rows, read either way. */
const ROWS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890123456789',
  'qwertyuiopasdfghjklzxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm',
];
const isRun = (text: string): boolean =>
  ROWS.some((row) => row.includes(text) || Array.from(row).reverse().join('').includes(text));

/** True when little remains of the text without these words and their parts. */
const isMostly = (text: string, words: readonly string[]): boolean => {
  const parts = words
    .map((word) => word.toLowerCase())
    .flatMap((word) => [word, ...word.split(/[^\p{L}\p{N}]+/u)])
    .filter((word) => word.length >= OWN_WORD_CHARS_MIN);
  const rest = parts.reduce((left, word) => left.replaceAll(word, ''), text);
  return rest !== text && rest.replace(/[^\p{L}]/gu, '').length < OWN_WORD_CHARS_MIN;
};

/**
 * What is wrong with a new password; undefined: nothing. The same rules in the form and in the service.
 *
 * @param ownWords name and e-mail of its person
 */
export const passwordFault = (password: string, ownWords: readonly string[]): PasswordFault | undefined => {
  if (password.length < PASSWORD_CHARS.min) return 'short';
  if (password.length > PASSWORD_CHARS.max) return 'long';
  const lower = password.toLowerCase();
  if (new Set(lower).size < DISTINCT_CHARS_MIN) return 'uniform';
  if (isRepetition(lower) || isRun(lower)) return 'repetitive';
  if (/^\d+$/.test(password) || COMMON_PASSWORD_STEMS.has(stemOf(password))) return 'common';
  return isMostly(lower, [...ownWords, 'gatehouse']) ? 'own' : undefined;
};
