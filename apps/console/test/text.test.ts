import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { messageWriter } from '../lib/message-format.ts';
import { textOf, type MessageTree } from '../lib/text.ts';

const write = messageWriter('en');
const readTree = (file: URL): MessageTree => JSON.parse(readFileSync(file, 'utf8')) as MessageTree;

describe('message format', () => {
  it('puts values in, and shows the name of one that is missing', () => {
    expect(write('refused by {who}: {why}', { who: 'gate' })).toBe('refused by gate: {why}');
  });

  it('counts in the words of the language', () => {
    const message = '{n, plural, =0 {none} one {# attempt} other {# attempts}}, {m, number} in all';
    expect(write(message, { n: 0, m: 1 })).toBe('none, 1 in all');
    expect(write(message, { n: 1, m: 1_000 })).toBe('1 attempt, 1,000 in all');
    expect(write(message, { n: 1_200, m: 0 })).toBe('1,200 attempts, 0 in all');
  });

  it('chooses by value, with other values and counts inside', () => {
    const message = '{who, select, none {nobody} other {by {who}, {n, plural, one {once} other {# times}}}}.';
    expect(write(message, { who: 'none', n: 1 })).toBe('nobody.');
    expect(write(message, { who: 'olga', n: 3 })).toBe('by olga, 3 times.');
  });

  it('takes braces and hash signs in values as text', () => {
    expect(write('{id} #1', { id: '{n, plural' })).toBe('{n, plural #1');
  });
});

describe('text by key', () => {
  it('shows the name of a key that has no text', () => {
    const t = textOf({ a: { b: 'text' } }, 'a');
    expect([t('b'), t('c'), t('toString'), t.has('b'), t.has('c')]).toEqual([
      'text',
      'a.c',
      'a.toString',
      true,
      false,
    ]);
  });

  it('writes every message of the console without leaving syntax behind', () => {
    const all = (tree: MessageTree): string[] =>
      Object.values(tree).flatMap((one) => (typeof one === 'string' ? [one] : all(one)));
    const folder = new URL('../messages/en/', import.meta.url);
    const files = readdirSync(folder).map((name): MessageTree => readTree(new URL(name, folder)));
    const broken = files.flatMap(all).filter((message) => {
      const names = [...message.matchAll(/\{(\w+)/g)].map((found) => found[1] ?? '');
      return /[{}]/.test(write(message, Object.fromEntries(names.map((name) => [name, 2]))));
    });
    expect(broken).toEqual([]);
  });
});
