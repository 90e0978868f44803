import { DEFAULT_RULES } from '../acl/default-rules.ts';
import type { Attempt } from '../attempt.ts';
import type { BasicCredential } from '../credential.ts';
import { Secret } from '../secret.ts';

/** A password as an attempt carries it. */
export const passwordOf = (text: string): Secret<Uint8Array> => new Secret(new TextEncoder().encode(text));

/** A plain MQTT 5 attempt of the device `pump-7` without username and password; say what differs. */
export const attemptOf = (differs: Partial<Attempt> = {}): Attempt => ({
  id: 'attempt-1',
  at: Date.UTC(2026, 0, 1),
  listener: 'tcp',
  chain: 'default',
  transport: 'tcp',
  ip: '203.0.113.7',
  port: 50_000,
  tls: null,
  protocolVersion: 5,
  clientId: 'pump-7',
  clientIdAssigned: false,
  username: undefined,
  password: undefined,
  cleanStart: true,
  keepAliveSeconds: 60,
  authMethod: undefined,
  will: undefined,
  ...differs,
});

/** An enabled credential of the username `pump-7`, with a stored secret; say what differs. */
export const credentialOf = (differs: Partial<BasicCredential> = {}): BasicCredential => ({
  id: 'credential-1',
  version: 1,
  name: 'Pump 7',
  username: 'pump-7',
  clientId: null,
  enabled: true,
  expiresAt: null,
  secretHash: 'plain:right',
  previousSecret: null,
  passwordless: false,
  superuser: false,
  rules: DEFAULT_RULES,
  secretChangedAt: Date.UTC(2025, 11, 1),
  ...differs,
});
