import { FAMILIES, REASON_CODES, REASON_CODES_BY_FAMILY } from '@gatehouse/auth-core/reasons';
import { ROLE_SCOPES } from '@gatehouse/contract';
import { describe, expect, test } from 'vitest';
import { changesOf } from '../components/audit/changes.ts';
import { emptyDraft, toCreate } from '../components/credentials/draft.ts';
import { KEY_ROLES, scopesOfRole } from '../components/settings/key-scopes.ts';
import { apiUrl, readAnswer } from '../lib/api.ts';
import { createFormat } from '../lib/format.ts';
import { familyOf } from '../lib/reason-family.ts';
import { everyStep } from '../lib/series-steps.ts';
import reasons from '../messages/en/reasons.json' with { type: 'json' };

const { formatBytes, formatMs, formatRelative } = createFormat({
  locale: 'en',
  zone: { choice: 'utc', name: 'UTC' },
  justNow: 'just now',
});

describe('what the console spells out for itself equals the contract', () => {
  test.each(KEY_ROLES)('scopes of the role %s', (role) => {
    expect([...scopesOfRole(role)].sort()).toEqual([...ROLE_SCOPES[role]].sort());
  });

  test.each(FAMILIES)('every code of the family %s is known as such, and has its words', (family) => {
    for (const code of REASON_CODES_BY_FAMILY[family]) expect(familyOf(code)).toBe(family);
    expect(reasons.family).toHaveProperty(family);
  });

  test('every reason has words, and no words are left over', () => {
    expect(Object.keys(reasons).filter((key) => key !== 'family')).toEqual(
      expect.arrayContaining([...REASON_CODES]),
    );
    expect(Object.keys(reasons)).toHaveLength(REASON_CODES.length + 1);
  });
});

describe('calls of the API', () => {
  test('absent and empty values leave no trace in the address', () => {
    expect(apiUrl('/x', { a: null, b: undefined, c: '', d: [], e: false, f: 0, g: ['1', '2'] })).toBe(
      '/api/v1/x?e=false&f=0&g=1%2C2',
    );
  });

  test('a problem of the API is thrown whole', async () => {
    const problem = { type: 't', title: 'No', status: 403, code: 'forbidden', requestId: 'r1' };
    await expect(readAnswer(Response.json(problem, { status: 403 }))).rejects.toMatchObject({ problem });
  });

  test('an answer that is no problem keeps its status and request id', async () => {
    const answer = new Response('<html>', { status: 502, headers: { 'x-request-id': 'r2' } });
    await expect(readAnswer(answer)).rejects.toMatchObject({ problem: { status: 502, requestId: 'r2' } });
  });
});

describe('numbers and times', () => {
  test('in German minutes are not told as metres are', () => {
    const { formatRelative: told } = createFormat({
      locale: 'de',
      zone: { choice: 'utc', name: 'UTC' },
      justNow: 'gerade eben',
    });
    expect(told('2026-01-01T11:36:00Z', Date.parse('2026-01-01T12:00:00Z'))).toBe('vor 24 Min.');
  });

  const now = Date.parse('2026-01-01T12:00:00Z');
  test.each([
    ['2026-01-01T11:59:57Z', 'just now'],
    ['2026-01-01T12:00:04Z', 'just now'],
    ['2026-01-01T11:59:30Z', '30s ago'],
    ['2026-01-01T09:00:00Z', '3h ago'],
  ])('%s is %s', (iso, text) => {
    expect(formatRelative(iso, now)).toBe(text);
  });

  test('units grow with the value', () => {
    expect([formatMs(0.312), formatMs(14.2), formatMs(1_400)]).toEqual(['0.31 ms', '14.2 ms', '1.4 s']);
    expect([formatBytes(12), formatBytes(14_200_000)]).toEqual(['12 B', '14.2 MB']);
  });
});

describe('a series', () => {
  test('has every step of its range, those without a count as well', () => {
    const stepMs = 60_000;
    const data = { stepMs, names: [], points: [{ at: '2026-01-01T12:02:00Z', values: { accepted: 3 } }] };
    const steps = everyStep(data, { from: '2026-01-01T12:00:30Z', to: '2026-01-01T12:03:10Z' });
    expect([...steps.values()].map((values) => values['accepted'] ?? 0)).toEqual([0, 0, 3, 0]);
  });
});

describe('an audit entry', () => {
  test('shows only what changed, with what was there before', () => {
    expect(changesOf({ a: 1, b: ['x'] }, { a: 1, b: ['y'], c: true })).toEqual([
      { field: 'b', before: '["x"]', after: '["y"]' },
      { field: 'c', before: undefined, after: 'true' },
    ]);
  });

  test('without before and after changed nothing', () => {
    expect(changesOf(null, null)).toEqual([]);
  });
});

describe('a new credential', () => {
  test('leaves rules that nobody touched to the server', () => {
    expect(toCreate(emptyDraft({ username: 'u' }), { kind: 'generate' })).not.toHaveProperty('rules');
  });

  test('sends an identity that was not given as absent, not as empty', () => {
    expect(toCreate(emptyDraft({ username: 'u' }), { kind: 'none' })).toMatchObject({
      username: 'u',
      clientId: null,
      passwordless: true,
    });
  });
});
