import { describe, expect, it } from 'vitest';
import { ProblemError } from '../src/problem.ts';
import { checkPassword } from '../src/security/password-rules.ts';

const isRefused = (password: string): boolean => {
  try {
    checkPassword(password, ['ada.lovelace@example.org', 'Ada Lovelace']);
    return false;
  } catch (error) {
    if (error instanceof ProblemError) return true;
    throw error;
  }
};

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
});
