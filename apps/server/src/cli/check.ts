import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreOpenError, type RawAuthenticator } from '@gatehouse/ports';
import type { Inspection } from '@gatehouse/store';
import type { Command } from 'commander';
import { z } from 'zod';
import type { Config } from '../config/schema.ts';
import { AUTHENTICATOR_CATALOGUE } from '../control/authenticator-catalogue.ts';
import { reachBackend } from '../data/authenticators/reach.ts';
import type { TlsListenerName } from '../data/listener-configs.ts';
import {
  configuredFiles,
  noteOf,
  readCertificate,
  tlsListeners,
  unknownCiphers,
} from '../runtime/certificate-files.ts';
import { readTrustFiles, trustFilesOf, trustsOwnCa } from '../runtime/client-trust-files.ts';
import { dataDirOf, ensureSecretKey } from '../runtime/data-dir.ts';
import { EXIT, Failure, messageOf } from '../runtime/failure.ts';
import { pskFileOf, readPskFile } from '../runtime/psk-file.ts';
import { createSecretBox } from '../runtime/secret-box.ts';
import { action, newCommand, type Context, type Host } from './command.ts';
import { isListening } from './socket-transport.ts';

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** The nearest directory above a path that is there. */
function existingAbove(path: string): string {
  const parent = dirname(path);
  return existsSync(path) || parent === path ? path : existingAbove(parent);
}

/** Whether the data directory can be used, or made where it is missing. */
function checkDataDir(path: string): void {
  const existing = existingAbove(path);
  try {
    accessSync(existing, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Failure(`The data directory ${path} cannot be used: ${messageOf(error)}.`);
  }
  if (!statSync(existing).isDirectory())
    throw new Failure(`The data directory ${path} cannot be used: ${existing} is a file.`);
}

const wordsFor = ({ state, pending }: Inspection): string => {
  switch (state) {
    case 'missing':
      return 'there is none yet; start makes it';
    case 'older':
      return `would be migrated at start: ${pending.join(', ')}`;
    case 'current':
      return 'answers, up to date';
  }
};

/** Looks at the store as it is; nothing is made or changed. While a server runs, that it answers is enough. */
async function checkStore({ loaded }: Context): Promise<string> {
  const { config } = loaded;
  const dir = dataDirOf(config);
  if (await isListening(dir.controlSocket)) return 'in use by the running server';
  checkDataDir(dir.path);
  const { inspectStore } = await import('@gatehouse/store');
  try {
    return wordsFor(await inspectStore({ url: config.database_url.reveal(), dataDir: dir.path }));
  } catch (error) {
    if (!(error instanceof StoreOpenError)) throw error;
    throw new Failure(error.message, undefined, { cause: error });
  }
}

/** Certificate and ciphers of a TLS listener, as start would use them. */
function checkTls(config: Config, listener: TlsListenerName): string {
  const unknown = unknownCiphers(config, listener);
  const leftOut = unknown.length === 0 ? '' : `; ciphers unknown to this OpenSSL: ${unknown.join(', ')}`;
  const pskFile = pskFileOf(config, listener);
  const trust = trustFilesOf(config, listener, dataDirOf(config));
  if (trust !== undefined && !trustsOwnCa(config, listener)) readTrustFiles(trust);
  if (pskFile !== undefined) readPskFile(listener, pskFile);
  const files = configuredFiles(config, listener);
  if (files === undefined) return `a certificate of the server's own CA${leftOut}`;
  const { subject, validTo } = noteOf(readCertificate(files));
  return `${subject}, good until ${validTo}${leftOut}`;
}

/** Whether an authenticator's backend answers; the words carry no secret. */
async function checkAuthenticator(config: Config, name: string, raw: RawAuthenticator): Promise<string> {
  const probe = await reachBackend(config, name, raw);
  if (probe === null) return 'has no backend';
  if (!probe.ok) throw new Failure(probe.problem);
  return `answered after ${probe.ms.toFixed(0)} ms`;
}

/** Those that the configuration declares. */
const declaredChecks = (config: Config): readonly Promise<Check>[] =>
  Object.entries(config.auth.authenticators).map(([name, raw]) =>
    attempt(`auth.authenticators.${name}`, () => checkAuthenticator(config, name, raw)),
  );

/** One of the store, with its settings fit for this release and its secrets opened. */
async function checkStored(config: Config, name: string, raw: RawAuthenticator | undefined): Promise<string> {
  if (Object.hasOwn(config.auth.authenticators, name))
    return 'in the store; not used while the configuration declares one of this name';
  if (raw === undefined)
    throw new Failure('in the store: its secrets cannot be opened with secret.key; set them anew.');
  const [problem] = AUTHENTICATOR_CATALOGUE.check(raw);
  if (problem !== undefined) throw new Failure(`in the store: ${problem.path} takes ${problem.accepted}.`);
  return `in the store; ${await checkAuthenticator(config, name, raw)}`;
}

/** Those that were made in the console or through the API. Nothing of the store is changed, nor is a key made. */
async function storedChecks(config: Config): Promise<readonly Promise<Check>[]> {
  const dir = dataDirOf(config);
  const [{ inspectStore }, { STORED_AUTH_KEY, storedAuthenticators }] = await Promise.all([
    import('@gatehouse/store'),
    import('@gatehouse/api'),
  ]);
  const { settings } = await inspectStore({ url: config.database_url.reveal(), dataDir: dir.path });
  const record = settings[STORED_AUTH_KEY];
  if (record === undefined) return [];
  // Without its key nothing opens, whatever another key would be.
  const key = existsSync(dir.secretKeyFile) ? ensureSecretKey(dir) : new Uint8Array();
  const stored = storedAuthenticators(createSecretBox(key), JSON.parse(record));
  return Object.entries(stored).map(([name, raw]) =>
    attempt(`stored authenticator ${name}`, () => checkStored(config, name, raw)),
  );
}

async function attempt(name: string, run: () => Promise<string> | string): Promise<Check> {
  try {
    return { name, ok: true, detail: await run() };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { name, ok: false, detail: error.message };
  }
}

/** `gatehouse check`: validates the configuration and reaches every backend. */
export function checkCommand(host: Host): Command {
  return action(
    host,
    newCommand('check', 'validate the configuration and reach every backend'),
    z.object({}),
    async (context) => {
      const configuration = {
        name: 'configuration',
        ok: true,
        detail: context.loaded.file ?? 'built-in defaults',
      };
      const { config } = context.loaded;
      const store = await attempt('store', () => checkStore(context));
      const checks = [
        configuration,
        store,
        ...(await Promise.all([...declaredChecks(config), ...(store.ok ? await storedChecks(config) : [])])),
        ...(await Promise.all(
          tlsListeners(config).map((listener) =>
            attempt(`listeners.${listener}`, () => checkTls(config, listener)),
          ),
        )),
      ];
      const ok = checks.every((check) => check.ok);
      context.out.answer({ ok, checks }, () =>
        checks.map((check) => `${check.ok ? 'ok  ' : 'FAIL'}  ${check.name}: ${check.detail}`),
      );
      return ok ? EXIT.done : EXIT.failed;
    },
  );
}
