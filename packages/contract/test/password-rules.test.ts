import { describe, expect, it } from 'vitest';
import { PASSWORD_CHARS } from '../src/passwords/chars.ts';
import { COMMON_PASSWORD_STEMS } from '../src/passwords/common.ts';
import { passwordFault } from '../src/passwords/rules.ts';

const isRefused = (password: string): boolean =>
  passwordFault(password, ['ada.lovelace@example.org', 'Ada Lovelace']) !== undefined;

describe('a password', () => {
  it.each([
    'Password2026!',
    'P@ssw0rd1234',
    'administrator1',
    '123456789012',
    '202620262026',
    'abcabcabcabc',
    'qwertyuiopas',
    'sapoiuytrewq',
    'LetMeIn!!!!!!',
    'gatehouse2026',
    'lovelace-1815',
    'ada.lovelace@example.org',
  ])('%s is refused as one that guessing tries first', (password) => {
    expect(isRefused(password)).toBe(true);
  });

  it.each([
    'walnut-canoe-at-dawn-3',
    'kestrel over harbour',
    'xK9#mQ2$vL5!',
    '83!71$#29?58',
    'пароль-не-для-всех',
    '一二三四五六七八九十甲乙',
  ])('%s is taken', (password) => {
    expect(isRefused(password)).toBe(false);
  });

  it('needs twelve characters, may have 256, and no kind of character is asked for', () => {
    expect(passwordFault('walnut-cano', [])).toBe('short');
    expect(passwordFault('walnut-canoe', [])).toBeUndefined();
    const sentence = 'walnut canoe at dawn beside the quiet kestrel ';
    for (const length of [64, 128, PASSWORD_CHARS.max])
      expect(passwordFault(sentence.repeat(6).slice(0, length), [])).toBe(
        length > 2 * sentence.length ? 'repetitive' : undefined,
      );
    expect(passwordFault('x'.repeat(PASSWORD_CHARS.max + 1), [])).toBe('long');
  });

  it('is refused in each of more than 3000 spellings of those that are tried first', () => {
    const fillings = ['1234567890', '0987654321', '2026', '1990', '0', '1', '!', '#7'];
    const spellings = new Set(
      [...COMMON_PASSWORD_STEMS].flatMap((stem) =>
        fillings.map((filling) => stem.padEnd(PASSWORD_CHARS.min, filling)),
      ),
    );
    expect(spellings.size).toBeGreaterThan(3_000);
    expect([...spellings].filter((password) => !isRefused(password))).toEqual([]);
  });
});
