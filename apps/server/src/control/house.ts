import {
  createApi,
  createSampler,
  currentAccessRules,
  currentSetup,
  type DeclaredSetting,
  replacedByFile,
  type Api,
  type ApiConfig,
  type AuthDeps,
} from '@gatehouse/api';
import { systemClock } from '@gatehouse/broker';
import { createOutboundPolicy } from '@gatehouse/connectors';
import { createHashing, type Hashing } from '@gatehouse/hashing';
import type { AccessRule } from '@gatehouse/auth-core';
import {
  StoreOpenError,
  type AuthSetup,
  type CertificateAuthority,
  type DataPlane,
  type HeldJournal,
  type SecretBox,
  type Store,
} from '@gatehouse/ports';
import { openStore } from '@gatehouse/store';
import type { Logger } from 'pino';
import { createBackupMaker } from '../backup/make.ts';
import { createSender, type Sender } from '../alerts/sender.ts';
import { alertTester } from '../alerts/tester.ts';
import { LIMIT_SETTINGS } from '../config/schema-limits.ts';
import type { Config } from '../config/schema.ts';
import { connackOf } from '../data/parts.ts';
import { re2Patterns } from '../re2-patterns.ts';
import { consoleOrigins, nodeName } from '../runtime/addresses.ts';
import { messageSource } from '../alerts/message-source.ts';
import type { DataDir } from '../runtime/data-dir.ts';
import { Failure } from '../runtime/failure.ts';
import { acquireLockOrFail, whoHolds, type DataDirLock } from '../runtime/lock.ts';
import { scramSecretOf } from '../runtime/scram-secret.ts';
import { createSecretBox } from '../runtime/secret-box.ts';
import { readCertificate } from './read-certificate.ts';
import { VERSION } from '../runtime/version.ts';
import { AUTHENTICATOR_CATALOGUE } from './authenticator-catalogue.ts';
import { declaredAuth, type DeclaredIn } from './declared-auth.ts';
import { createAuthority } from './authority.ts';
import { ownCaOf } from './own-ca.ts';
import { secretKeyFor } from './shared-key.ts';
import { ssoOf } from './sso.ts';

/** Where the pages of the reasons are, in the repository; the code and `.md` are appended. */
const REASON_PAGES = 'docs/reasons';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** People's logins and new hashes need one worker; clients' hashes have the data plane's own. */
const HASH_WORKERS = 1;

export interface HouseOptions {
  readonly config: Config;
  /** The configuration as written, and where each part of `auth` is declared. */
  readonly declared: DeclaredIn;
  readonly dir: DataDir;
  readonly dataPlane: DataPlane;
  /** Ports in use by name; those not listening are absent. */
  readonly ports: () => Readonly<Record<string, number>>;
  /** For a backup: the journal as far as it is committed, where it is not in memory or in the store. */
  readonly holdJournal: () => Promise<HeldJournal | undefined>;
  readonly log: Logger;
  /** Whether the numbers are sampled for the charts: only where there is a data plane to sample. */
  readonly sampling: boolean;
}

/** Store, hashing and API together: what the control-plane thread runs, and a command while the server is stopped. */
export interface House {
  readonly store: Store;
  readonly hashing: Hashing;
  readonly certificates: CertificateAuthority;
  readonly api: Api;
  /** Authenticators, chains and anonymous policy in force, by store and configuration. */
  readonly authSetup: () => Promise<AuthSetup>;
  /** What the configuration declares where something else is stored. */
  readonly replacedByFile: () => Promise<readonly DeclaredSetting[]>;
  /** Global access rules in force, by store and configuration. */
  readonly accessRules: () => Promise<readonly AccessRule[]>;
  /** What salts of unknown SCRAM users are made with. */
  readonly scramSecret: Uint8Array;
  /** What is secret at rest is sealed by it. */
  readonly box: SecretBox;
  /** Sends messages about alerts. */
  readonly sendAlert: Sender;
  /** Ends everything in order; nothing is lost that was answered. */
  readonly close: () => Promise<void>;
}

/** The rules of a credential that is made without any. */
export const defaultRulesOf = ({ auth }: Config): ApiConfig['defaultRules'] =>
  auth.default_rules.map(({ literal, ...rule }) => (literal === undefined ? rule : { ...rule, literal }));

/** What the API is told of the configuration. */
export function apiConfig({
  config,
  declared,
  dir,
  ports,
}: Pick<HouseOptions, 'config' | 'dir' | 'ports'> & {
  readonly declared: Pick<DeclaredIn, 'file'>;
}): ApiConfig {
  const ownCa = ownCaOf(config, dir);
  return {
    version: VERSION,
    node: nodeName(config),
    consoleOrigins: () => consoleOrigins(config, ports()['console'] ?? config.console.port),
    trustedProxies: config.trusted_proxies,
    defaultRules: defaultRulesOf(config),
    scramIterations: config.auth.scram_iterations,
    // The cookie is the console's: how the API's own listener is reached has no say in it.
    insecure: config.console.insecure,
    sessions: {
      idleMs: config.console.session.idle_minutes * MINUTE_MS,
      absoluteMs: config.console.session.hours * HOUR_MS,
    },
    totpRoles: config.console.require_totp,
    limits: LIMIT_SETTINGS.map((setting) => ({ ...setting, value: config.limits[setting.name] })),
    docsUrl: REASON_PAGES,
    configFile: declared.file,
    webSocketPaths: { ws: config.listeners.ws.path, wss: config.listeners.wss.path },
    ...(ownCa === undefined ? {} : { ownCa }),
  };
}

function authDeps({ config, declared }: HouseOptions, secretKey: Uint8Array): AuthDeps {
  const listenersOf: Record<string, string[]> = {};
  for (const [name, { enabled, chain }] of Object.entries(config.listeners)) {
    if (enabled) (listenersOf[chain] ??= []).push(name);
  }
  return {
    declared: declaredAuth(config, declared),
    catalogue: AUTHENTICATOR_CATALOGUE,
    box: createSecretBox(secretKey),
    readCertificate,
    defaultAnonymous: config.auth.preset === 'emqx_4_3' ? 'allow' : 'deny',
    connackOf: connackOf(config),
    access: { noMatch: config.auth.no_match, denyAction: config.auth.deny_action },
    listenersOf,
  };
}

/**
 * The hold on the data directory where the store does not take it itself: SQLite's does, a PostgreSQL store has no
 * file here, but socket, key and `run.json` are still one server's.
 */
function holdDataDir(config: Config, dir: DataDir): DataDirLock {
  return config.database_url.reveal() === '' ? { release: () => undefined } : acquireLockOrFail(dir);
}

/** Opens the store of the configuration. Throws `Failure` in words; nothing is changed then. */
async function openConfiguredStore(config: Config, dir: DataDir): Promise<Store> {
  const url = config.database_url.reveal();
  try {
    return await openStore({ url, dataDir: dir.path, clock: systemClock });
  } catch (error) {
    if (!(error instanceof StoreOpenError)) throw error;
    const message = error.code === 'locked' ? whoHolds(dir) : error.message;
    throw new Failure(message, undefined, { cause: error });
  }
}

/** The store, and the key that its secrets are sealed under; nothing stays open when one of them is not to be had. */
async function openStoreAndKey({ config, dir }: HouseOptions, lock: DataDirLock) {
  let store: Store | undefined;
  try {
    store = await openConfiguredStore(config, dir);
    return { store, secretKey: await secretKeyFor(store, dir) };
  } catch (error) {
    await store?.close();
    lock.release();
    throw error;
  }
}

/** Ports of the API and the console, which nobody may be made to call. */
const ownPorts = (ports: Readonly<Record<string, number>>): readonly number[] =>
  ['api', 'console'].flatMap((name) => ports[name] ?? []);

/** Opens store and hashing and builds the API on them; it does not listen. */
export async function openHouse(options: HouseOptions): Promise<House> {
  const { config, dir, dataPlane, ports, log } = options;
  const lock = holdDataDir(config, dir);
  const { store, secretKey } = await openStoreAndKey(options, lock);
  const hashing = createHashing({ clock: systemClock, workers: HASH_WORKERS });
  const auth = authDeps(options, secretKey);
  const certificates = createAuthority({ config, dir, clock: systemClock });
  const policy = createOutboundPolicy({ ...config.outbound, ownPorts: () => ownPorts(ports()) });
  const sso = ssoOf(config, policy);
  const sendAlert = createSender({
    box: auth.box,
    policy,
    dataPlane,
    now: () => systemClock.now(),
  });
  const api = await createApi({
    store,
    auth,
    dataPlane,
    hasher: hashing.hasher,
    patterns: re2Patterns,
    certificates,
    alertTester: alertTester(sendAlert, () => messageSource(config, ports())),
    backups: createBackupMaker({
      dir,
      store,
      secretKey,
      holdJournal: options.holdJournal,
      hasOthers: config.bus_url.reveal() !== '',
    }),
    clock: systemClock,
    config: apiConfig(options),
    ...(sso === undefined ? {} : { sso }),
    ports,
    log,
  });
  const sampler = createSampler({
    store,
    dataPlane,
    clock: systemClock,
    config: { node: nodeName(config) },
    log,
  });
  if (options.sampling) sampler.start();
  return {
    store,
    hashing,
    certificates,
    api,
    authSetup: () => currentSetup({ store, auth }),
    replacedByFile: () => replacedByFile({ store, auth }),
    scramSecret: scramSecretOf(secretKey),
    box: auth.box,
    sendAlert,
    accessRules: () => currentAccessRules({ store, auth }),
    close: async () => {
      await sampler.stop();
      await api.app.close();
      await store.close();
      await hashing.close();
      lock.release();
    },
  };
}
