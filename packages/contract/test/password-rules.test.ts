import { describe, expect, it } from 'vitest';
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
});
