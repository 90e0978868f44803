import { afterAll } from 'vitest';
import { freePort } from '../../packages/connectors/test/support/programs.ts';
import {
  device,
  DEVICES,
  ROOT,
  startSlapd,
  type Slapd,
} from '../../packages/connectors/test/support/slapd.ts';

/** `public`, as OpenLDAP stores it. */
const PUBLIC = '{SSHA}Q+cYNAZ9Wdg66TS7gGcBeLgQub5zYWx0';

const ENTRIES = [
  device('device-1', { userPassword: PUBLIC }),
  device('disabled', { userPassword: PUBLIC, isEnabled: 'FALSE' }),
  device('clear', { userPassword: 'public' }),
  device('nothing-stored'),
  device('twin-1', { userPassword: PUBLIC, description: 'twin' }),
  device('twin-2', { userPassword: PUBLIC, description: 'twin' }),
].join('');

/** Known before anything listens on it, so that scenarios with the same settings share one server. */
const port = await freePort();
let started: Promise<Slapd> | undefined;

/** The one OpenLDAP of the scenarios; it ends with the file of tests that imports them. */
export const directory = (): Promise<Slapd> => (started ??= startSlapd(ENTRIES, port));

afterAll(async () => {
  await (await started)?.stop();
});

/** Settings of a server whose clients are in a directory; `more` are settings of its authenticator. */
export const ldapSettings = (more: Readonly<Record<string, unknown>> = {}): readonly string[] => {
  const authenticator = {
    type: 'ldap',
    servers: [`127.0.0.1:${String(port)}`],
    bind_dn: ROOT.dn,
    bind_password: ROOT.password,
    base_dn: DEVICES,
    filter: '(|(uid=${username})(description=${username}))',
    ...more,
  };
  return [
    `auth.authenticators.directory=${JSON.stringify(authenticator)}`,
    'auth.chains.default=["directory"]',
  ];
};
