import { existsSync, readFileSync } from 'node:fs';
import { isReasonCode } from '@gatehouse/auth-core';
import { describe, expect, test } from 'vitest';
import { SETTINGS } from '../../src/config/settings.ts';
import { AUTHENTICATOR_TYPES, settingsSchema } from '../../src/data/authenticators/kinds.ts';
import { EMQX_KEYS, TBMQ_KEYS, TBMQ_REASONS } from './foreign-settings.ts';

const REFERENCE = new URL('../../../../docs/reference/', import.meta.url);

/** The part of JSON Schema that tells one setting from another. */
interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly enum?: readonly unknown[];
  readonly description?: string;
}

interface Row {
  /** Type of authenticator that the chapter is about, as its heading ends with it. */
  readonly type: string | undefined;
  readonly there: string;
  readonly here: string;
  readonly note: string;
}

/** The rows of all tables of a page, by chapter. */
function rowsOf(page: string): readonly Row[] {
  const rows: Row[] = [];
  let type: string | undefined;
  for (const line of readFileSync(new URL(page, REFERENCE), 'utf8').split('\n')) {
    if (line.startsWith('#')) type = /: `([a-z0-9]+)`$/.exec(line)?.[1];
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    if (!line.startsWith('|') || /^\|[ :|-]*\|$/.test(line) || cells[2] === 'here') continue;
    const [, there = '', here = '', note = ''] = cells;
    rows.push({ type, there, here, note });
  }
  return rows;
}

const codeOf = (cell: string): readonly string[] =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);

/** What an authenticator's setting takes; undefined where it has none of that path. */
function ofAuthenticator(type: string, path: string): readonly unknown[] | undefined {
  let node = settingsSchema(type) as Node | undefined;
  for (const name of path.split('.')) node = node?.properties?.[name];
  return node === undefined ? undefined : (node.enum ?? []);
}

const ofConfiguration = new Map(
  SETTINGS.map(({ path, accepts }) => [path, accepts.includes(', ') ? accepts.split(', ') : []]),
);

/** The words that a setting may be, empty where it takes more than words; undefined where there is no such setting. */
function wordsOf(path: string, type: string | undefined): readonly unknown[] | undefined {
  if (type !== undefined) {
    const own = ofAuthenticator(type, path);
    if (own !== undefined) return own;
  }
  const [first = '', ...rest] = path.split('.');
  if (AUTHENTICATOR_TYPES.includes(first)) return ofAuthenticator(first, rest.join('.'));
  return ofConfiguration.get(path);
}

/** What is wrong with the right side of a row. */
function problemOf({ type, there, here, note }: Row): string | undefined {
  if (here === 'None') return note.length > 20 ? undefined : `${there}: no counterpart, and no reason`;
  const [, link] = /\]\(([^)#]+)/.exec(here) ?? [];
  if (link !== undefined)
    return existsSync(new URL(link, REFERENCE)) ? undefined : `${there}: ${link} is not there`;
  const names = codeOf(here);
  if (names.length === 0) return `${there}: nothing is named`;
  const wrong = names.filter((name) => {
    const [path = '', value] = name.split(': ');
    if (isReasonCode(path)) return false;
    const words = wordsOf(path, type);
    return words === undefined || (value !== undefined && !words.includes(value));
  });
  return wrong.length === 0 ? undefined : `${there}: ${wrong.join(', ')}`;
}

describe.each([
  ['emqx-settings.md', EMQX_KEYS],
  ['tbmq-settings.md', TBMQ_KEYS],
])('docs/reference/%s', (page, keys) => {
  const rows = rowsOf(page);

  test('every name on our side is a setting that exists, with a value that it takes, and what has none says why', () => {
    expect(rows.map(problemOf).filter((problem) => problem !== undefined)).toEqual([]);
  });

  test('every setting of theirs has its row, once', () => {
    const listed = rows.flatMap(({ there }) => codeOf(there));
    expect(keys.filter((key) => !listed.includes(key))).toEqual([]);
    expect(listed.filter((key, index) => listed.indexOf(key) !== index)).toEqual([]);
  });

  test('the other page and the guide to moving are a step away', () => {
    const text = readFileSync(new URL(page, REFERENCE), 'utf8');
    expect(text).toContain('](../guides/migrate.md)');
    const guide = readFileSync(new URL('../guides/migrate.md', REFERENCE), 'utf8');
    expect(guide).toContain(`](../reference/${page})`);
  });
});

test('every reason of TBMQ is one of ours', () => {
  const rows = rowsOf('tbmq-settings.md').filter(({ here }) => codeOf(here).some(isReasonCode));
  expect(rows.map(({ there }) => there)).toEqual(TBMQ_REASONS);
  expect(rows.flatMap(({ here }) => codeOf(here)).filter((code) => !isReasonCode(code))).toEqual([]);
});

describe('a page that is wrong is found out', () => {
  const row = { type: 'mysql', there: 'auth.mysql.x', note: '' };

  test.each([
    ['a setting that nobody has', { ...row, here: '`no_such_setting`' }],
    ['a setting of another authenticator', { ...row, here: '`bind_dn`' }],
    ['a setting without its group', { ...row, here: '`anonymous`' }],
    ['a word that the setting does not take', { ...row, here: '`auth.anonymous: maybe`' }],
    ['no counterpart and no reason', { ...row, here: 'None' }],
    ['a page that is not there', { ...row, here: '[more](../guides/nowhere.md)' }],
    ['nothing at all', { ...row, here: '' }],
  ])('%s', (_what, wrong) => {
    expect(problemOf(wrong)).toContain('auth.mysql.x');
  });
});
