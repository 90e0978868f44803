import { expect, test } from 'vitest';
import { failingOf } from '../components/overview/failing.ts';

const NOW = '2026-05-01T12:00:00.000Z';
const authenticator = (name: string, at: string | null, enabled = true) => ({
  name,
  type: 'postgresql',
  enabled,
  allow: 0,
  deny: 0,
  ignore: 0,
  error: at === null ? 0 : 1,
  p50Ms: null,
  p95Ms: null,
  lastError: at === null ? null : { at, text: 'connection refused' },
});

test('an authenticator fails that is in use and could not find out within the last two minutes', () => {
  const authenticators = [
    authenticator('fails', '2026-05-01T11:58:00.000Z'),
    authenticator('failed', '2026-05-01T11:57:59.999Z'),
    authenticator('is off', NOW, false),
    authenticator('is well', null),
  ];
  expect(failingOf({ authenticators, now: NOW }).map(({ name }) => name)).toEqual(['fails']);
});
