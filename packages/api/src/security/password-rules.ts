import { invalidField } from '../problem.ts';
import { COMMON_PASSWORD_STEMS } from './common-passwords.ts';

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

const weakness = (password: string, ownWords: readonly string[]): string | undefined => {
  const lower = password.toLowerCase();
  if (new Set(lower).size < DISTINCT_CHARS_MIN) return 'uses too few different characters';
  if (isRepetition(lower) || isRun(lower)) return 'is a repetition or a run of keys';
  const stem = stemOf(password);
  if (/^\d+$/.test(password) || COMMON_PASSWORD_STEMS.has(stem))
    return 'is among the passwords that are tried first';
  return isMostly(lower, ownWords) ? 'is mostly the name or e-mail' : undefined;
};

/** Throws a 400 on `password` when it is one that guessing tries first (ASVS 6.2); its length is the contract's. */
export const checkPassword = (password: string, ownWords: readonly string[]): void => {
  const weak = weakness(password, [...ownWords, 'gatehouse']);
  if (weak !== undefined) throw invalidField('password', weak);
};
