import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApi, type Api, type ApiConfig, type Sso } from '@gatehouse/api';
import { connack } from '@gatehouse/auth-core';
import { systemClock } from '@gatehouse/broker';
import type { Problem, Role } from '@gatehouse/contract';
import { createHashing } from '@gatehouse/hashing';
import type { DeclaredAuth, Store } from '@gatehouse/ports';
import { openStore } from '@gatehouse/store';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { pino } from 'pino';
import { loadConfig } from '../../../src/config/load.ts';
import type { Config } from '../../../src/config/schema.ts';
import { createAuthority } from '../../../src/control/authority.ts';
import { AUTHENTICATOR_CATALOGUE } from '../../../src/control/authenticator-catalogue.ts';
import { dataDirOf } from '../../../src/runtime/data-dir.ts';
import { readCertificate } from '../../../src/control/read-certificate.ts';
import { createSecretBox } from '../../../src/runtime/secret-box.ts';
import { re2Patterns } from '../../../src/re2-patterns.ts';
import { ManualClock } from './manual-clock.ts';
import { RecordingDataPlane } from './recording-data-plane.ts';

export const ORIGIN = 'http://127.0.0.1:3000';
export const OWNER = {
  email: 'owner@example.org',
  name: 'Ada Owner',
  password: 'kestrel-over-harbour-9',
} as const;

const CONFIG: ApiConfig = {
  version: '0.0.0-test',
  node: 'node-a',
  consoleOrigins: () => [ORIGIN],
  trustedProxies: ['127.0.0.0/8', '::1/128'],
  scramIterations: 4_096,
  sessions: { idleMs: 30 * 60_000, absoluteMs: 12 * 3_600_000 },
  totpRoles: [],
  defaultRules: [{ permission: 'allow', action: 'all', topic: '#' }],
  limits: [
    { name: 'queueMessagesMax', value: 500, default: 10_000, text: 'Messages waiting for one session.' },
    { name: 'queueBytesMax', value: 16_777_216, default: 16_777_216, text: 'Bytes waiting for one session.' },
  ],
  docsUrl: '/docs/reasons',
};

export type Headers = Readonly<Record<string, string>>;

/** The API on a real SQLite store and real hashing, with a clock that a test moves. */
export interface Harness {
  readonly api: Api;
  readonly store: Store;
  readonly dataDir: string;
  readonly plane: RecordingDataPlane;
  readonly clock: ManualClock;
  /** What was logged, a JSON object a line. */
  readonly logged: string[];
  /** Headers of a signed-in owner: cookie, CSRF token, Origin. */
  readonly owner: Headers;
  /** Headers of an API key with this role. */
  key(role: Exclude<Role, 'owner'>, scopes?: readonly string[]): Promise<Headers>;
  send(options: InjectOptions): Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

/** The cookie that an answer sets, as a browser sends it back. */
export const cookieOf = (response: LightMyRequestResponse): string => {
  const [cookie] = response.cookies;
  return cookie === undefined ? '' : `${cookie.name}=${cookie.value}`;
};

/** What a signed-in browser sends along. */
export const browserHeaders = (response: LightMyRequestResponse): Headers => ({
  cookie: cookieOf(response),
  'x-csrf-token': response.json<{ csrfToken: string }>().csrfToken,
  origin: ORIGIN,
});

export const codeOf = (response: LightMyRequestResponse): string => response.json<Problem>().code;

export const fieldsOf = (response: LightMyRequestResponse): string[] =>
  (response.json<Problem>().errors ?? []).map((error) => error.path);

const setUpOwner = async (api: Api): Promise<Headers> => {
  const token = await api.setup.issueLink();
  const response = await api.app.inject({
    method: 'POST',
    url: '/api/v1/setup',
    headers: { origin: ORIGIN },
    payload: { token, ...OWNER },
  });
  return browserHeaders(response);
};

const NOTHING_DECLARED: DeclaredAuth = {
  authenticators: {},
  chains: {},
  anonymous: undefined,
  where: (path) => `gatehouse.yaml (${path})`,
};

/** The configuration as `--set` makes it. */
const configured = (set: readonly string[]): Config => {
  const loaded = loadConfig({ set, env: {}, cwd: tmpdir() });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.loaded.config;
};

/** Builds a house of its own. `owner: false` leaves the setup undone. */
export const startHarness = async (
  options: {
    readonly owner?: boolean;
    readonly config?: Partial<ApiConfig>;
    readonly declared?: Partial<DeclaredAuth>;
    /** Settings of listeners, as `--set` takes them. */
    readonly set?: readonly string[];
    readonly sso?: Sso;
    /** Instead of a SQLite store of its own. */
    readonly databaseUrl?: string;
    /** What secrets are sealed under; random unless told. */
    readonly secretKey?: Uint8Array;
    /** A data directory whose private CA this one has, too. */
    readonly pkiOf?: string;
  } = {},
): Promise<Harness> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-api-'));
  const clock = new ManualClock();
  if (options.pkiOf !== undefined)
    await cp(join(options.pkiOf, 'pki'), join(dataDir, 'pki'), { recursive: true });
  const config = configured([`data_dir=${dataDir}`, ...(options.set ?? [])]);
  const store = await openStore({ url: options.databaseUrl ?? '', dataDir, clock });
  const hashing = createHashing({ clock: systemClock, workers: 1 });
  const plane = new RecordingDataPlane();
  const logged: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) });
  const api = await createApi({
    store,
    dataPlane: plane,
    hasher: hashing.hasher,
    patterns: re2Patterns,
    certificates: createAuthority({ config, dir: dataDirOf(config), clock }),
    alertTester: {
      test: (channel) => {
        plane.calls.push(`test ${channel.name}`);
        return Promise.resolve({ ok: true });
      },
    },
    backups: { make: () => 'busy' },
    clock,
    config: { ...CONFIG, ...options.config },
    auth: {
      declared: { ...NOTHING_DECLARED, ...options.declared },
      catalogue: AUTHENTICATOR_CATALOGUE,
      box: createSecretBox(options.secretKey ?? randomBytes(32)),
      readCertificate,
      defaultAnonymous: 'deny',
      connackOf: connack,
      access: { noMatch: 'deny', denyAction: 'ignore' },
      listenersOf: { default: ['tcp', 'ws'] },
    },
    ...(options.sso === undefined ? {} : { sso: options.sso }),
    ports: () => ({ api: 8080, tcp: 1883 }),
    log,
  });
  const owner = options.owner === false ? {} : await setUpOwner(api);
  let keys = 0;
  return {
    api,
    store,
    dataDir,
    plane,
    clock,
    logged,
    owner,
    key: async (role, scopes = []) => {
      const payload = { name: `key ${String(++keys)}`, role, scopes };
      const made = await api.control.inject({ method: 'POST', url: '/api/v1/api-keys', payload });
      return { authorization: `Bearer ${made.json<{ key: string }>().key}` };
    },
    send: (request) => api.app.inject(request),
    close: async () => {
      await api.app.close();
      await store.close();
      await hashing.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};
