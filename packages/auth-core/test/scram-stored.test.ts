import { expect, test } from 'vitest';
import { readScramKeys, type ScramKeys, writeScramKeys } from '../src/index.ts';

const keys = (bytes: number): ScramKeys => ({
  salt: new Uint8Array(18).fill(1),
  iterations: 4_096,
  storedKey: new Uint8Array(bytes).fill(2),
  serverKey: new Uint8Array(bytes).fill(3),
});
const both = { 'SCRAM-SHA-256': keys(32), 'SCRAM-SHA-512': keys(64) };

test('stored keys are read back as they were written', () => {
  expect(readScramKeys(writeScramKeys(both))).toEqual(both);
});

test.each([
  ['no JSON', '{"SCRAM-SHA-256":'],
  ['a list', '[]'],
  ['an unknown mechanism', JSON.stringify({ 'SCRAM-MD5': {} })],
  ['a key that is missing', JSON.stringify({ 'SCRAM-SHA-256': { salt: 'AAAA', iterations: 4096 } })],
  ['a key of another mechanism', writeScramKeys({ 'SCRAM-SHA-512': keys(32) })],
  [
    'fewer iterations than RFC 7677 asks for',
    writeScramKeys({ 'SCRAM-SHA-256': { ...keys(32), iterations: 1 } }),
  ],
  ['text without end', 'x'.repeat(10_000)],
])('%s is unreadable, and nothing of it is told', (_what, text) => {
  const read = readScramKeys(text);
  expect(read).toHaveProperty('unparsable');
  expect(JSON.stringify(read)).not.toContain('AAAA');
});
