import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Api } from '../support/api.ts';
import { expectWholeLife } from '../support/authenticator-life.ts';
import { mqttJs } from '../support/clients.ts';
import * as backends from '../support/emqx-backends.ts';
import { startServer, type Server } from '../support/server.ts';
import { hs256, nowSeconds } from '../support/tokens.ts';

const { KNOWN } = backends;

/** EMQX's letters: S lets in, F refuses with these codes (MQTT 5, 3.1.1), G asks the next. */
type Expected = 'S' | 'G' | readonly [v5: number, v3: number];
type Row = readonly [situation: string, authenticator: string, who: Who, expected: Expected];
interface Who {
  readonly username: string;
  readonly password?: string;
}

const NOT_AUTHORIZED: Expected = [0x87, 5];
const BAD_CREDENTIALS: Expected = [0x86, 4];
const UNAVAILABLE: Expected = [0x88, 3];
const WRONG: Who = { username: KNOWN.username, password: 'wrong' };
const UNKNOWN: Who = { username: 'nobody', password: KNOWN.password };
const NO_PASSWORD: Who = { username: KNOWN.username };

/** Two servers under the preset, alike but for the anonymous policy: together they tell S, F and G apart. */
let lenient: Server;
let strict: Server;
let impostor: backends.Impostor;
let dead: number;

beforeAll(async () => {
  [lenient, strict, impostor, dead] = await Promise.all([
    startServer({ set: ['auth.preset=emqx_4_3'] }),
    startServer({ set: ['auth.preset=emqx_4_3', 'auth.anonymous=deny'] }),
    backends.garbage(),
    backends.deadPort(),
  ]);
}, 60_000);

afterAll(async () => {
  await Promise.all([lenient.stop(), strict.stop(), impostor.stop()]);
});

const both = <T>(run: (api: Api) => Promise<T>): Promise<T[]> =>
  Promise.all([lenient, strict].map((server) => run(new Api(server))));

const create = (name: string, settings: object): Promise<unknown> =>
  both((api) => api.ok('POST', '/authenticators', { name, settings }));

const useChain = (...steps: readonly string[]): Promise<unknown> =>
  both((api) => api.ok('PUT', '/chains/default', { steps }));

let made = 0;

async function connackOf(server: Server, who: Who, protocolVersion: 4 | 5): Promise<number> {
  made += 1;
  const clientId = `preset-${String(made)}`;
  const { code, client } = await mqttJs(`mqtt://127.0.0.1:${String(server.ports.tcp)}`, {
    ...who,
    clientId,
    protocolVersion,
  });
  await client.endAsync(true);
  return code;
}

/** What both servers make of a client in both versions of the protocol. */
async function walk(who: Who): Promise<Expected> {
  const [in5, in3, out5, out3] = await Promise.all([
    connackOf(lenient, who, 5),
    connackOf(lenient, who, 4),
    connackOf(strict, who, 5),
    connackOf(strict, who, 4),
  ]);
  if (in5 === 0 && in3 === 0) {
    if (out5 === 0 && out3 === 0) return 'S';
    // Whom nobody knew is answered by the default, as that system does (reference/emqx.md §3.2).
    expect([out5, out3]).toEqual(NOT_AUTHORIZED);
    return 'G';
  }
  expect([in5, in3], 'a refusal does not depend on who else may come in').toEqual([out5, out3]);
  return [out5, out3];
}

/** reference/emqx.md §1.1 and §3.2: a backend of this type that is up, slow, down, or no backend at all. */
function describeBackend(
  type: string,
  start: () => Promise<backends.Backend>,
  rows: readonly Row[],
  more: Readonly<Record<string, object>> = {},
): void {
  describe(`EMQX 4.3 and ${type}`, () => {
    let backend: backends.Backend;

    beforeAll(async () => {
      backend = await start();
      await create(`${type}-up`, backend.settings(backend.port));
      const { impatient, odd, port, settings, slow } = backend;
      await create(`${type}-down`, { ...settings(dead), ...impatient });
      await create(`${type}-garbage`, { ...settings(impostor.port), ...impatient });
      const asked = slow === 'stopped' ? {} : slow;
      await create(`${type}-slow`, { ...settings(port), ...impatient, ...asked });
      if (odd !== undefined) await create(`${type}-odd`, { ...settings(port), ...odd });
      for (const [name, settings] of Object.entries(more)) {
        await create(`${type}-${name}`, { ...backend.settings(backend.port), ...settings });
      }
    }, 60_000);

    afterAll(async () => {
      await backend.stop();
    });

    test.each(rows)(`${type}: %s (%s)`, async (_situation, authenticator, who, expected) => {
      const stopped = authenticator === 'slow' && backend.slow === 'stopped';
      await useChain(`${type}-${authenticator}`);
      if (stopped) backend.signal?.('SIGSTOP');
      try {
        expect(await walk(who)).toEqual(expected);
      } finally {
        if (stopped) backend.signal?.('SIGCONT');
      }
    });

    test(`${type}: its whole life at run time, in a server that refuses whom nobody knows`, async () => {
      const settings = { ...backend.settings(backend.port), on_mismatch: 'ignore' };
      const { secrets } = backend;
      await liveThrough({ name: `${type}-life`, settings, secrets, hasBackend: true });
    });
  });
}

/** Under a name that is in none of the chains before, with a client that `beside` knows nothing of. */
const liveThrough = (
  life: Pick<
    Parameters<typeof expectWholeLife>[0],
    'name' | 'settings' | 'secrets' | 'hasBackend' | 'beside'
  >,
  attempt: { readonly username: string; readonly password: string } = KNOWN,
): Promise<void> =>
  expectWholeLife({
    ...life,
    api: new Api(strict),
    attempt: { ...attempt },
    admits: async () => (await connackOf(strict, attempt, 5)) === 0,
  });

/** What all databases have in common; `down` is what the plugin made of a query that failed. */
const databaseRows = (down: Expected, odd: Expected): readonly Row[] => [
  ['the credential matches', 'up', KNOWN, 'S'],
  ['not in the store', 'up', UNKNOWN, 'G'],
  ['wrong password', 'up', WRONG, NOT_AUTHORIZED],
  ['password absent', 'up', NO_PASSWORD, 'G'],
  ['password absent and stored as it is', 'plain', NO_PASSWORD, NOT_AUTHORIZED],
  ['unexpected result', 'odd', KNOWN, odd],
  ['slow', 'slow', KNOWN, down],
  ['down', 'down', KNOWN, down],
  ['garbage', 'garbage', KNOWN, down],
];
const PLAIN = { plain: { password_hash: 'plain' } };

describeBackend('mysql', backends.mysql, databaseRows(NOT_AUTHORIZED, 'G'), PLAIN);
describeBackend('postgresql', backends.postgresql, databaseRows('G', 'G'), PLAIN);
describeBackend('redis', backends.redis, databaseRows('G', 'G'), PLAIN);
describeBackend('mongodb', backends.mongodb, databaseRows(NOT_AUTHORIZED, NOT_AUTHORIZED), PLAIN);

const DISABLED: Who = { username: 'disabled', password: KNOWN.password };
describeBackend(
  'ldap',
  backends.ldap,
  [
    ['the credential matches', 'up', KNOWN, 'S'],
    ['not in the store', 'up', UNKNOWN, 'G'],
    ['wrong password, hashes compared', 'up', WRONG, BAD_CREDENTIALS],
    ['the credential matches, bound as the user', 'bind', KNOWN, 'S'],
    ['wrong password, bound as the user', 'bind', WRONG, NOT_AUTHORIZED],
    ['disabled', 'up', DISABLED, NOT_AUTHORIZED],
    ['stored as it is', 'up', { username: 'clear', password: KNOWN.password }, BAD_CREDENTIALS],
    ['nothing stored', 'up', { username: 'nothing-stored', password: KNOWN.password }, 'G'],
    ['password absent', 'up', NO_PASSWORD, 'G'],
    ['slow', 'slow', KNOWN, NOT_AUTHORIZED],
    ['down', 'down', KNOWN, NOT_AUTHORIZED],
    ['garbage', 'garbage', KNOWN, NOT_AUTHORIZED],
  ],
  { bind: { bind_as_user: true } },
);

const answeredWith = (status: number): Who => ({ username: `status-${String(status)}`, password: 'any' });
describeBackend('http', backends.http, [
  ['200', 'up', KNOWN, 'S'],
  ['200 and "ignore"', 'up', UNKNOWN, 'G'],
  ['wrong password, 401', 'up', WRONG, BAD_CREDENTIALS],
  ['password absent: sent as null', 'up', NO_PASSWORD, BAD_CREDENTIALS],
  ['400', 'up', answeredWith(400), BAD_CREDENTIALS],
  ['403', 'up', answeredWith(403), NOT_AUTHORIZED],
  ['429', 'up', answeredWith(429), [0x8a, 5]],
  ['500', 'up', answeredWith(500), UNAVAILABLE],
  ['503', 'up', answeredWith(503), UNAVAILABLE],
  ['504', 'up', answeredWith(504), [0x89, 3]],
  ['slow', 'slow', KNOWN, UNAVAILABLE],
  ['down', 'down', KNOWN, UNAVAILABLE],
  ['garbage', 'garbage', KNOWN, UNAVAILABLE],
]);

describe('EMQX 4.3 and its own store', () => {
  const rows: readonly Row[] = [
    ['the credential matches', 'builtin', KNOWN, 'S'],
    ['not in the store', 'builtin', UNKNOWN, 'G'],
    ['wrong password', 'builtin', WRONG, BAD_CREDENTIALS],
    ['password absent: treated as empty', 'builtin', NO_PASSWORD, BAD_CREDENTIALS],
  ];

  beforeAll(async () => {
    await both((api) => api.createCredential({ ...KNOWN }));
  });

  test.each(rows)('builtin: %s', async (_situation, authenticator, who, expected) => {
    await useChain(authenticator);
    expect(await walk(who)).toEqual(expected);
  });

  test('builtin: its whole life at run time', async () => {
    await create('beside', { type: 'jwt', secret: 'the-shared-secret-of-the-scenarios' });
    const settings = { type: 'builtin', strategy: 'username' };
    await liveThrough({ name: 'own', settings, secrets: [], hasBackend: false, beside: 'beside' });
  });
});

describe('EMQX 4.3 and tokens', () => {
  const claims = { sub: KNOWN.username };
  const token = (password: string): Who => ({ username: KNOWN.username, password });
  const past = { ...claims, exp: nowSeconds() - 60 };
  const rows: readonly Row[] = [
    ['the token is valid', 'tokens', token(hs256(claims)), 'S'],
    ['no token', 'tokens', NO_PASSWORD, 'G'],
    ['not a token', 'tokens', WRONG, 'G'],
    [
      'signed by another secret',
      'tokens',
      token(hs256(claims, 'another-secret-of-32-bytes-and-more')),
      NOT_AUTHORIZED,
    ],
    ['expired', 'tokens', token(hs256(past)), NOT_AUTHORIZED],
    ['the key set was never fetched', 'keyless', token(hs256(claims)), 'G'],
  ];

  beforeAll(async () => {
    const secret = 'the-shared-secret-of-the-scenarios';
    await create('tokens', { type: 'jwt', secret });
    await create('keyless', { type: 'jwt', jwks_url: `http://127.0.0.1:${String(dead)}/keys` });
  });

  test.each(rows)('jwt: %s', async (_situation, authenticator, who, expected) => {
    await useChain(authenticator);
    expect(await walk(who)).toEqual(expected);
  });

  test('jwt: its whole life at run time', async () => {
    const settings = { type: 'jwt', secret: 'the-shared-secret-of-the-scenarios', on_mismatch: 'ignore' };
    const bearer = { username: 'bearer', password: hs256({ sub: 'bearer' }) };
    await liveThrough({ name: 'jwt-life', settings, secrets: ['secret'], hasBackend: false }, bearer);
  });
});
