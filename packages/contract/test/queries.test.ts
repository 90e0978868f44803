import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  createCredential,
  credentialsListQuery,
  deleteBody,
  ENDPOINTS,
  type Endpoint,
  ROLE_SCOPES,
  setFilter,
  SCOPES,
  textFilter,
  unauthorizedListQuery,
} from '../src/index.ts';

describe('a text filter', () => {
  it.each([
    ['pump', { op: 'eq', value: 'pump' }],
    ['eq:starts:x', { op: 'eq', value: 'starts:x' }],
    ['starts:p', { op: 'starts', value: 'p' }],
    ['contains:ump', { op: 'contains', value: 'ump' }],
    ['contains:\u{1F600}ab', { op: 'contains', value: '\u{1F600}ab' }],
    ['starts:a\nb', { op: 'starts', value: 'a\nb' }],
  ])('%j is read as %o', (text, expected) => {
    expect(textFilter.parse(text)).toEqual(expected);
  });

  it.each(['contains:ab', 'contains:', 'contains:\u{1F600}a', ''])('%j is refused: too short', (text) => {
    expect(textFilter.safeParse(text).success).toBe(false);
  });
});

describe('a set filter', () => {
  const letters = setFilter(z.enum(['a', 'b', 'c']));
  it.each([
    ['a,b', { include: ['a', 'b'] }],
    ['!c', { exclude: ['c'] }],
    [['a', '!b'], { include: ['a'], exclude: ['b'] }],
    ['', {}],
  ])('%j is read as %o', (raw, expected) => {
    expect(letters.parse(raw)).toEqual(expected);
  });

  it('names what is not in the set', () => {
    expect(letters.safeParse('a,x').success).toBe(false);
  });
});

describe('list queries', () => {
  it('have their defaults', () => {
    expect(unauthorizedListQuery.parse({})).toEqual({
      limit: 50,
      sort: { field: 'lastAttemptAt', direction: 'desc' },
    });
    expect(credentialsListQuery.parse({ sort: 'name' }).sort).toEqual({ field: 'name', direction: 'asc' });
  });

  it.each([
    { limit: '0' },
    { limit: '201' },
    { sort: 'secret' },
    { unknown: 'x' },
    { state: 'deleted' },
    { protocol: '6' },
  ])('refuse %o', (query) => {
    expect(unauthorizedListQuery.safeParse(query).success).toBe(false);
  });
});

describe('a deletion', () => {
  it.each([
    [{ ids: ['1'] }, true],
    [{ filter: { reason: 'X' } }, true],
    [{ all: true }, true],
    [{ all: false }, false],
    [{ ids: [] }, false],
    [{ ids: ['1'], all: true }, false],
    [{}, false],
  ])('%o: %s', (body, good) => {
    expect(deleteBody.safeParse(body).success).toBe(good);
  });
});

describe('a new credential', () => {
  it.each([
    [{ username: 'u' }, true],
    [{ clientId: 'c', passwordless: true }, true],
    [{ name: 'only a name' }, false],
    [{ username: '' }, false],
    [{ username: 'a\u0000b' }, false],
    [{ username: 'u', password: 'p', passwordHash: 'h' }, false],
    [{ username: 'u', password: 'p', passwordless: true }, false],
    [{ username: 'u', role: 'owner' }, false],
  ])('%o: %s', (body, good) => {
    expect(createCredential.safeParse(body).success).toBe(good);
  });
});

describe('the endpoints', () => {
  const all = Object.values<Endpoint>(ENDPOINTS);
  it('have each address and method once', () => {
    const names = all.map(({ method, path }) => `${method} ${path.replace(/:\w+/g, ':')}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('declare parameters where their path has some', () => {
    for (const one of all)
      expect([one.path, one.params !== undefined]).toEqual([one.path, one.path.includes(':')]);
  });
});

describe('roles', () => {
  it('hold each what the next lower holds, and the owner all', () => {
    expect(ROLE_SCOPES.owner).toEqual(SCOPES);
    expect(ROLE_SCOPES.admin).toEqual(expect.arrayContaining([...ROLE_SCOPES.operator]));
    expect(ROLE_SCOPES.operator).toEqual(expect.arrayContaining([...ROLE_SCOPES.viewer]));
    expect(ROLE_SCOPES.admin).not.toContain('users:write');
    expect(ROLE_SCOPES.viewer.filter((scope) => /write|delete|release/.test(scope))).toEqual([]);
  });
});
