import { describe, expect, test } from 'vitest';
import { choicesOfMany, choicesOfRefused } from '../components/blocked/kinds.ts';
import { CERTIFICATE_SNIPPETS, certificateSnippet } from '../lib/connect/certificate-snippets.ts';

describe('what can be blocked of several clients', () => {
  const client = (clientId: string, username: string | null = null, ip = '10.0.0.1') => ({
    clientId,
    username,
    ip,
  });

  test('one client is blocked by what is known of it, its client ID first', () => {
    expect(choicesOfMany([client('pump-7', 'plant')])).toEqual([
      { kind: 'clientId', value: 'pump-7' },
      { kind: 'username', value: 'plant' },
      { kind: 'ip', value: '10.0.0.1' },
      { kind: 'cidr', value: '10.0.0.0/24' },
    ]);
  });

  test('who guesses is blocked by the address, who is misconfigured by the client ID', () => {
    const known = { clientId: 'made-up-1', username: 'admin', ip: '203.0.113.7' };
    expect(choicesOfRefused(known, 'TOO_MANY_FAILURES')[0]).toEqual({ kind: 'ip', value: '203.0.113.7' });
    expect(choicesOfRefused(known, 'BASIC_PASSWORD_MISMATCH')[0]).toEqual({
      kind: 'clientId',
      value: 'made-up-1',
    });
  });

  test('several are by a pattern that names just them, whatever their IDs hold, and by what they share', () => {
    const ids = ['a.b', 'c+(d)', '[e]|f\\g', '^$h{2}'];
    const [pattern, ...shared] = choicesOfMany(ids.map((id) => client(id)));
    expect(shared).toEqual([
      { kind: 'ip', value: '10.0.0.1' },
      { kind: 'cidr', value: '10.0.0.0/24' },
    ]);
    // Alternatives and escapes mean the same in RE2.
    const compiled = new RegExp(`^(?:${pattern?.value ?? ''})$`);
    expect(ids.map((id) => compiled.test(id))).toEqual([true, true, true, true]);
    expect(compiled.test('aXb')).toBe(false);
  });

  test('too many for one pattern are only by what they share', () => {
    const many = Array.from({ length: 60 }, (_, index) =>
      client(`device-${String(index)}`, 'fleet', `10.0.0.${String(index)}`),
    );
    expect(choicesOfMany(many)).toEqual([{ kind: 'username', value: 'fleet' }]);
  });
});

describe('commands for a client with a certificate', () => {
  const facts = { host: '::1', port: 8883, base: 'pump-7', caFile: 'gatehouse-ca.crt' };

  test.each(CERTIFICATE_SNIPPETS)('%s names certificate, key and CA, and quotes the host', (kind) => {
    const text = certificateSnippet(kind, facts);
    for (const part of ['pump-7.crt', 'pump-7.key', 'gatehouse-ca.crt', '8883']) expect(text).toContain(part);
    expect(certificateSnippet(kind, { ...facts, host: 'x"; rm -rf' })).not.toContain('-h x"; rm');
  });

  test.each(CERTIFICATE_SNIPPETS)('%s names no CA where the system knows it', (kind) => {
    expect(certificateSnippet(kind, { ...facts, caFile: null })).not.toContain('gatehouse-ca');
  });
});
