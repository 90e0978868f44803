import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { Secret } from '../src/secret.ts';

test('a secret shows itself to nobody who does not ask for it', () => {
  const secret = new Secret('hunter2');
  for (const shown of [String(secret), JSON.stringify({ secret }), inspect({ secret }), inspect(secret)]) {
    expect(shown).not.toContain('hunter2');
    expect(shown).toContain('[secret]');
  }
  expect(secret.reveal()).toBe('hunter2');
});
