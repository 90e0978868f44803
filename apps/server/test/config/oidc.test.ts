import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/load.ts';
import { oidcSecret } from '../../src/config/release-oidc.ts';
import { guidePage, withFiles } from '../support/guide-page.ts';

const refusals = (set: readonly string[]): readonly string[] => {
  const loaded = loadConfig({ set, env: {}, cwd: tmpdir() });
  return loaded.ok ? [] : loaded.problems.map(({ path, accepted }) => `${path}: ${accepted}`);
};
const at = (issuer: string, ...more: readonly string[]) =>
  refusals([`console.oidc.issuer=${issuer}`, ...more.map((one) => `console.oidc.${one}`)]);

describe('the sign-in provider', () => {
  it('is taken as the guide shows it, with the secret of its file', async () => {
    const example = guidePage('single-sign-on.md').blocks('yaml').at(-1) ?? '';
    await withFiles({ secret: 'of the provider\n' }, (pathOf) => {
      const yaml = example.replace('/run/secrets/gatehouse-oidc', pathOf('secret'));
      expect(parse(yaml)).toMatchObject({ console: { oidc: { client_secret_file: pathOf('secret') } } });
      return withFiles({ 'gatehouse.yaml': yaml }, (configOf) => {
        const loaded = loadConfig({ config: configOf('gatehouse.yaml'), env: {}, cwd: tmpdir() });
        if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
        const { oidc } = loaded.loaded.config.console;
        expect(oidc.roles).toEqual({ 'mqtt-admins': 'admin', 'mqtt-operators': 'operator' });
        expect(oidcSecret(oidc)?.reveal()).toBe('of the provider');
        expect(JSON.stringify(oidc)).not.toContain('of the provider');
      });
    });
  });

  it('is reached by https alone, and never with a password in its address', () => {
    const fine = ['client_id=x'];
    expect(at('https://id.example.com/realms/a', ...fine)).toEqual([]);
    expect(at('http://127.0.0.1:9000', ...fine)).toEqual(['console.oidc.issuer: an https:// URL']);
    expect(at('http://id.example.com', ...fine)).toEqual(['console.oidc.issuer: an https:// URL']);
    expect(at('https://a:b@id.example.com', ...fine)).toEqual([
      'console.oidc.issuer: an https:// URL without',
    ]);
  });

  it('is refused when keys are missing, contradict each other or name files that are not there', () => {
    expect(at('https://id.example.com')).toEqual(['console.oidc.client_id: the ID that the provider gave']);
    expect(
      at('https://id.example.com', 'client_id=x', 'client_secret=y', 'client_secret_file=/nowhere/secret'),
    ).toEqual([
      'console.oidc.client_secret_file: one of the two',
      'console.oidc.client_secret_file: a file that can be read',
    ]);
    expect(at('https://id.example.com', 'client_id=x', 'accounts=auto', 'ca=/nowhere/ca')).toEqual([
      'console.oidc.ca: a file with PEM',
      'console.oidc.accounts: auto with roles or default_role, which say who may in',
    ]);
    expect(at('https://id.example.com', 'client_id=x', 'roles={a: king}')).toEqual([
      'console.oidc.roles.a: owner, admin, operator, viewer',
    ]);
  });
});
