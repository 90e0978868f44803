import { tmpdir } from 'node:os';
import { Secret } from '@gatehouse/auth-core';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { formatProblems } from '../../src/config/problems.ts';
import { listenerConfigs } from '../../src/data/listener-configs.ts';

const CERTIFICATE = { key: new Secret('key'), cert: 'cert' };

/** The listeners of a configuration that is the defaults and these settings. */
function listenersOf(set: readonly string[]) {
  const read = loadConfig({ env: {}, cwd: tmpdir(), set: ['listeners.unix.enabled=true', ...set] });
  if (!read.ok) throw new Error(formatProblems(read.problems));
  return listenerConfigs(read.loaded.config, { tls: CERTIFICATE, wss: CERTIFICATE });
}

describe('the listeners of the configuration', () => {
  test.each(['tcp', 'tls', 'ws', 'wss', 'unix'])(
    '%s alone takes the username as client ID where it says so',
    (name) => {
      const listeners = listenersOf([`listeners.${name}.use_username_as_clientid=true`]);
      expect(
        listeners.filter(({ usernameAsClientId }) => usernameAsClientId === true).map((one) => one.name),
      ).toEqual([name]);
    },
  );

  test('TLS versions are those that each listener says', () => {
    const set = ['listeners.tls.max_version=TLSv1.2', 'listeners.wss.min_version=TLSv1.3'];
    expect(
      listenersOf(set).flatMap(({ name, tls }) => (tls ? [[name, tls.minVersion, tls.maxVersion]] : [])),
    ).toEqual([
      ['tls', 'TLSv1.2', 'TLSv1.2'],
      ['wss', 'TLSv1.3', 'TLSv1.3'],
    ]);
  });

  test('what a proxy tells of a certificate names clients where the listener says so', () => {
    const set = ['listeners.tcp.proxy_protocol=true', 'listeners.tcp.peer_cert_as_clientid=cn'];
    expect(listenersOf(set).map(({ name, proxiedCommonName }) => [name, proxiedCommonName])).toEqual([
      ['tcp', { asUsername: false, asClientId: true }],
      ['tls', undefined],
      ['ws', { asUsername: false, asClientId: false }],
      ['wss', undefined],
      ['unix', undefined],
    ]);
  });

  test('a listener may have a chain that asks nobody: the anonymous policy decides alone', () => {
    const tcp = listenersOf(['auth.chains={open: []}', 'listeners.tcp.chain=open'])[0];
    expect(tcp).toMatchObject({ name: 'tcp', chain: 'open' });
  });
});
