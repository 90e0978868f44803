import { hash } from 'node:crypto';
import { networkOf } from '@gatehouse/auth-core';
import type { RefusedAttempt } from '@gatehouse/ports';

/**
 * The key under which an attempt is coalesced (auth.md §8), hex SHA-256: of the whole client ID; where there is none,
 * of listener, network, and username, certificate fingerprint or PSK identity. No client ID holds U+0000, so the two
 * kinds never meet.
 */
export function keyOfAttempt(attempt: RefusedAttempt): string {
  if (attempt.clientId !== null && attempt.clientId !== '') return sha256(attempt.clientId);
  const seen = attempt.clientId === null ? 'no-connect' : 'empty';
  const identity = attempt.username ?? attempt.certificate?.fingerprint ?? attempt.pskIdentity ?? '';
  return sha256(['', seen, attempt.listener, networkOf(attempt.ip), identity].join('\0'));
}

const sha256 = (text: string): string => hash('sha256', text, 'hex');
