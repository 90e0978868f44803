import { expect, test } from 'vitest';
import { configSchema } from '../../src/config/schema.ts';
import { apiConfig } from '../../src/control/house.ts';

const insecureFor = (raw: object): boolean | undefined =>
  apiConfig({ config: configSchema.parse(raw), ports: () => ({}) }).insecure;

test('only the console itself without TLS takes `__Host-` and `Secure` off its cookie', () => {
  expect(insecureFor({})).toBe(false);
  expect(insecureFor({ api: { insecure: true } })).toBe(false);
  expect(insecureFor({ console: { insecure: true } })).toBe(true);
});
