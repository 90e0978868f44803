import { describe, expect, test } from 'vitest';
import { parseMongoSelector } from '../src/mongodb-selector.ts';
import { parseRedisCommand } from '../src/redis-command.ts';
import { parseSqlTemplate, type SqlDialect } from '../src/source-sql-template.ts';

const both: readonly SqlDialect[] = ['mysql', 'postgresql'];

describe.each(both)('a template of %s', (dialect) => {
  const mark = (number: number): string => (dialect === 'mysql' ? '?' : `$${String(number)}`);

  test.each(['%u', "'%u'", '${username}', "'${username}'"])('%s becomes a bound parameter', (placeholder) => {
    expect(
      parseSqlTemplate(`select password from t where u = ${placeholder} limit 1`, dialect),
    ).toMatchObject({
      text: `select password from t where u = ${mark(1)} limit 1`,
      parameters: ['username'],
    });
  });

  test('every placeholder is one parameter, in its place', () => {
    const statement = parseSqlTemplate(
      "select %u, '%c', ${cn}, %d, '%a', %C, ${subject}, ${ip}, ${clientid}",
      dialect,
    );
    expect(statement).toMatchObject({
      text: `select ${Array.from({ length: 9 }, (_, at) => mark(at + 1)).join(', ')}`,
      parameters: ['username', 'clientid', 'cn', 'subject', 'ip', 'cn', 'subject', 'ip', 'clientid'],
    });
  });

  test.each([
    "select '100%' as x",
    "select 'it''s' as x",
    'select password from t -- of %u\nwhere 1 = 0',
    'select /* %u ? $1 */ 1',
    "select x from t where u like 'a%'",
  ])('%s is left as it is', (text) => {
    expect(parseSqlTemplate(text, dialect)).toMatchObject({ text, parameters: [] });
  });

  test.each([
    "select password from t where u = '%u-x'",
    "select password from t where u = 'x${username}'",
    "select password from t where u like '%u%'",
    "select password from t where u = '%u%c'",
    "select password from t where u = '%u",
    "select 'it''s %u'",
  ])('%s is refused, with what is accepted instead', (text) => {
    const problem = parseSqlTemplate(text, dialect);
    expect(problem).toHaveProperty('found');
    expect(problem).toHaveProperty('accepted');
  });
});

test.each(['${nobody}', "'${nobody}'", "'x${nobody'", '${}'])(
  'a placeholder that stands for nothing is refused, with those that do: %s',
  (placeholder) => {
    const accepted = '${username}, ${clientid}, ${cn}, ${subject} or ${ip}';
    for (const dialect of both)
      expect(parseSqlTemplate(`select password from t where u = ${placeholder}`, dialect)).toMatchObject({
        found: placeholder.replaceAll(/^'x?|'$/g, ''),
        accepted,
      });
    const word = placeholder.replaceAll("'", '');
    expect(parseRedisCommand(`HMGET device:${word} password`, 'record')).toMatchObject({ accepted });
    expect(parseMongoSelector(`username=${word}`)).toMatchObject({ accepted });
    expect(parseSqlTemplate(`select 1 -- ${placeholder}`, 'postgresql')).toMatchObject({ parameters: [] });
  },
);

test('a parameter of the template’s own is refused: it would move the client’s', () => {
  expect(parseSqlTemplate('select ? from t where u = %u', 'mysql')).toMatchObject({ found: '?' });
  expect(parseSqlTemplate('select $1 from t where u = %u', 'postgresql')).toMatchObject({ found: '$1' });
  expect(parseSqlTemplate("select data ? 'key' from t where u = %u", 'postgresql')).toMatchObject({
    parameters: ['username'],
  });
});

test('each dialect has its own quotes', () => {
  expect(parseSqlTemplate("select 'a\\'%u\\'b'", 'mysql')).toHaveProperty('found');
  expect(parseSqlTemplate('select $tag$ %u $tag$', 'postgresql')).toHaveProperty('found');
  expect(parseSqlTemplate('select `%u`', 'mysql')).toHaveProperty('found');
  expect(parseSqlTemplate("select # 'unclosed\n%u", 'mysql')).toMatchObject({ parameters: ['username'] });
});
