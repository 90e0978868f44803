import { expect, test } from 'vitest';
import { configSchema } from '../../src/config/schema.ts';
import { apiConfig } from '../../src/control/house.ts';
import { dataDirOf } from '../../src/runtime/data-dir.ts';

const configFor = (raw: object) => {
  const config = configSchema.parse(raw);
  return apiConfig({
    config,
    declared: { file: '/etc/gatehouse.yaml' },
    dir: dataDirOf(config),
    ports: () => ({}),
  });
};
const insecureFor = (raw: object): boolean | undefined => configFor(raw).insecure;

test('only the console itself without TLS takes `__Host-` and `Secure` off its cookie', () => {
  expect(insecureFor({})).toBe(false);
  expect(insecureFor({ api: { insecure: true } })).toBe(false);
  expect(insecureFor({ console: { insecure: true } })).toBe(true);
});

test('people are told where the configuration file is', () => {
  expect(configFor({}).configFile).toBe('/etc/gatehouse.yaml');
});

test('the server’s own CA is that of the TLS listeners without a certificate of the operator’s', () => {
  const own = { key: 'server.key', cert: 'server.crt' };
  expect(configFor({}).ownCa?.listeners).toEqual(['tls', 'wss']);
  expect(configFor({ listeners: { tls: own } }).ownCa?.listeners).toEqual(['wss']);
  expect(configFor({ listeners: { tls: own, wss: { enabled: false } } }).ownCa).toBeUndefined();
});
