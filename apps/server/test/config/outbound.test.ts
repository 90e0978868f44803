import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';

const load = (entry: string) =>
  loadConfig({ set: [`outbound.deny=${JSON.stringify([entry])}`], env: {}, cwd: tmpdir() });

describe('outbound', () => {
  test.each([
    '10.0.0.0/8',
    '192.0.2.1',
    '::1',
    'fd00::/8',
    'auth.example.com',
    'localhost',
    'my_host',
    'a.example.',
  ])('%s is a target', (entry) => {
    expect(load(entry).ok).toBe(true);
  });

  test.each([
    '10.0.0.0/33',
    '10.0.0',
    '300.1.1.1',
    '*.example.com',
    'http://a.example',
    'a b',
    '',
    '-a',
    '::1/129',
  ])('what would deny nothing in silence is refused: "%s"', (entry) => {
    expect(load(entry)).toMatchObject({
      ok: false,
      problems: [{ accepted: 'an address, a network as address/prefix, or a host name' }],
    });
  });
});
