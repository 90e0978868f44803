import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parsePskKeys, readPskFile } from '../../src/runtime/psk-file.ts';

const keysOf = (...args: Parameters<typeof parsePskKeys>) =>
  Object.fromEntries(
    [...parsePskKeys(...args).keys].map(([identity, key]) => [
      identity,
      Buffer.from(key.reveal()).toString('latin1'),
    ]),
  );

describe('a file of pre-shared keys', () => {
  test("EMQX's sample is read as text", () => {
    expect(keysOf('client1:1234\nclient2:abcd\n', 'emqx')).toEqual({ client1: '1234', client2: 'abcd' });
  });

  test('a key may hold colons and blanks; line ends of Windows are no part of it', () => {
    expect(keysOf('a:b:c d\r\ne:f\r\n', 'emqx')).toEqual({ a: 'b:c d', e: 'f' });
  });

  test('another delimiter splits where it first stands, and the colon is a letter like others', () => {
    expect(keysOf('a:1 ; b ; c\nd:e\n', 'emqx', ' ; ')).toEqual({ 'a:1': 'b ; c' });
    expect(parsePskKeys('d:e', 'emqx', ';').problems).toEqual([
      { line: 1, problem: 'no ";" between identity and key' },
    ]);
  });

  test("mosquitto's keys are hexadecimal, and its comments are skipped", () => {
    expect(keysOf('# devices\nclient1:31323334\n', 'mosquitto')).toEqual({ client1: '1234' });
  });

  test.each([
    ['no ":" between identity and key', 'client1', 'emqx'],
    ['no identity', ':1234', 'emqx'],
    ['no key', 'client1:', 'emqx'],
    ['an identity of more than 256 bytes', `${'ä'.repeat(129)}:k`, 'emqx'],
    ['a key of more than 512 bytes', `a:${'k'.repeat(513)}`, 'emqx'],
    ['a key that is not hexadecimal', 'a:12345', 'mosquitto'],
    ['an identity that is there already', 'good:other', 'emqx'],
  ] as const)('%s: the line is skipped and told by its number, without its text', (problem, line, format) => {
    const first = format === 'mosquitto' ? 'good:aa' : 'good:secret';
    const read = parsePskKeys([first, '', line, 'last:aabb'].join('\n'), format);
    expect(read.problems).toEqual([{ line: 3, problem }]);
    expect(read.skipped).toBe(1);
    expect([...read.keys.keys()]).toEqual(['good', 'last']);
  });

  test('of many bad lines the first hundred are told, all are counted', () => {
    const read = parsePskKeys('bad\n'.repeat(250), 'emqx');
    expect(read.problems).toHaveLength(100);
    expect(read.skipped).toBe(250);
  });

  test('keys never show', () => {
    expect(JSON.stringify([...parsePskKeys('client1:1234', 'emqx').keys])).not.toContain('1234');
  });
});

describe('reading it', () => {
  const dir = mkdtempSync(join(tmpdir(), 'gatehouse-psk-'));
  afterAll(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  test('a file that is not there is told in words', () => {
    expect(() => readPskFile('tls', { path: join(dir, 'none'), format: 'emqx', delimiter: ':' })).toThrow(
      /listeners\.tls\.psk_file cannot be read/,
    );
  });

  test('a file is read', () => {
    const path = join(dir, 'psk.txt');
    writeFileSync(path, 'client1=1234\n');
    expect([...readPskFile('tls', { path, format: 'emqx', delimiter: '=' }).keys.keys()]).toEqual([
      'client1',
    ]);
  });
});
