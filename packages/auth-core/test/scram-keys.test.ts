import { describe, expect, test } from 'vitest';
import { scramCrypto } from '../../hashing/src/scram.ts';
import type { ScramCredential } from '../src/methods/scram.ts';
import { deriveScramKeys, scramKeysProblem } from '../src/methods/scram-secret.ts';
import { attemptOf, manualClock } from '../src/testing/index.ts';
import {
  asking,
  bytes,
  clientOf,
  credentialOf,
  KEYS,
  keysOf,
  reasonOf,
  worldOf,
} from './support/scram-world.ts';

describe('stored keys', () => {
  const keys = KEYS['SCRAM-SHA-256'];
  test.each([
    ['too few iterations', { ...keys, iterations: 4_095 }, 'iterations'],
    ['too many iterations', { ...keys, iterations: 1_000_001 }, 'iterations'],
    ['half an iteration', { ...keys, iterations: 4_096.5 }, 'iterations'],
    ['a short salt', { ...keys, salt: new Uint8Array(7) }, 'salt'],
    ['a long salt', { ...keys, salt: new Uint8Array(65) }, 'salt'],
    ['a short key', { ...keys, storedKey: new Uint8Array(31) }, 'key'],
    ['a long server key', { ...keys, serverKey: new Uint8Array(64) }, 'key'],
  ])('with %s are not used', (_what, given, problem) => {
    expect(scramKeysProblem(given, 'SCRAM-SHA-256')).toContain(problem);
  });

  test('are made of no forbidden and no empty password', () => {
    const how = { salt: keys.salt, iterations: 4_096 };
    expect(deriveScramKeys(scramCrypto, 'SCRAM-SHA-256', 'a\u0007', how)).toBeUndefined();
    expect(deriveScramKeys(scramCrypto, 'SCRAM-SHA-256', '\u00ad', how)).toBeUndefined();
  });
});

const old = await keysOf('SCRAM-SHA-256', 'crayon');

describe('the password before', () => {
  const clock = manualClock();
  const now = clock.now();
  const outcomeFor = async (password: string, previous: ScramCredential['previous']): Promise<string> => {
    const record = credentialOf(previous === undefined ? {} : { previous });
    const { scram } = worldOf({ record, options: { clock } });
    const client = clientOf('SCRAM-SHA-256', password);
    const step = asking(await scram.begin('SCRAM-SHA-256', attemptOf({}), client.first));
    return reasonOf(await step.answer(client.final(step.data).data));
  };

  test('is accepted beside the new one until its time is over', async () => {
    const previous = { keys: { 'SCRAM-SHA-256': old }, validUntil: now + 1 };
    expect(await outcomeFor('crayon', previous)).toBe('allow');
    expect(await outcomeFor('pencil', previous)).toBe('allow');
    expect(await outcomeFor('chalk', previous)).toBe('SCRAM_PROOF_MISMATCH');
    expect(await outcomeFor('crayon', { ...previous, validUntil: now })).toBe('SCRAM_PROOF_MISMATCH');
  });

  test('is not, where it was kept under another salt: the exchange asked under the new one', async () => {
    const keys = { 'SCRAM-SHA-256': { ...old, salt: bytes('another salt of it') } };
    expect(await outcomeFor('crayon', { keys, validUntil: now + 1 })).toBe('SCRAM_PROOF_MISMATCH');
  });
});
