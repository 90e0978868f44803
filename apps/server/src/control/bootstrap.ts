import { randomUUID } from 'node:crypto';
import {
  existingOfRow,
  secretOfRow,
  typeProblems,
  writeOfRow,
  type ImportRow,
  type Making,
} from '@gatehouse/api';
import type { PasswordHasher, SecretBox, Store } from '@gatehouse/ports';
import type { BootstrapCredential } from '../config/schema-bootstrap.ts';
import type { Config } from '../config/schema.ts';
import { re2Patterns } from '../re2-patterns.ts';
import { Failure } from '../runtime/failure.ts';
import { defaultRulesOf } from './house.ts';

const ACTOR = { kind: 'system', id: 'bootstrap', name: 'auth.bootstrap_credentials' } as const;

/** Exit code of a wrong configuration. */
const WRONG_CONFIGURATION = 2;

/** The item as a row of an import, its secrets in hand. */
function rowOf(item: BootstrapCredential): ImportRow {
  const { password, password_hash: hash, psk_key: key, ...rest } = item;
  return {
    ...rest,
    ...(password === undefined ? {} : { password: password.reveal() }),
    ...(hash === undefined ? {} : { password_hash: hash.reveal() }),
    ...(key === undefined ? {} : { psk_key: key.reveal() }),
  };
}

/** Throws `Failure` with the path of what is wrong in words; never with a secret. */
function refuseBadRow(row: ImportRow, path: string, hasher: PasswordHasher): void {
  const [problem] = typeProblems(row, re2Patterns);
  if (problem !== undefined)
    throw new Failure(`${path}.${problem.field}: ${problem.message}.`, WRONG_CONFIGURATION);
  if (row.password_hash === undefined) return;
  const form = hasher.describe(row.password_hash);
  if ('invalid' in form) throw new Failure(`${path}.password_hash: ${form.invalid}.`, WRONG_CONFIGURATION);
}

async function insertOne(store: Store, making: Making, row: ImportRow, now: number): Promise<boolean> {
  const id = randomUUID();
  const write = writeOfRow(making, { id, value: row, secret: await secretOfRow(making, row, id) });
  return store.transaction(async (tx) => {
    const created = await tx.credentials.create(write, now);
    if (created.result !== 'ok') return false;
    const { username, clientId, superuser, enabled } = write;
    await tx.audit.append({
      at: now,
      actor: ACTOR,
      action: 'credential.create',
      target: { kind: 'credential', id: created.credential.id, name: created.credential.name },
      before: null,
      after: { type: created.credential.facts.type, username, clientId, superuser, enabled },
      ip: '',
      requestId: '',
    });
    return true;
  });
}

/** Inserts the configured credentials that are not there yet, each with its audit row; never overwrites one. */
export async function insertBootstrapCredentials(
  config: Config,
  { store, hasher, box }: { readonly store: Store; readonly hasher: PasswordHasher; readonly box: SecretBox },
  now: number,
): Promise<number> {
  const { scram_iterations: scramIterations } = config.auth;
  const defaultRules = defaultRulesOf(config);
  const making: Making = { house: { hasher, config: { defaultRules, scramIterations }, auth: { box } } };
  let inserted = 0;
  for (const [index, item] of config.auth.bootstrap_credentials.entries()) {
    const row = rowOf(item);
    refuseBadRow(row, `auth.bootstrap_credentials.${index}`, hasher);
    if ((await existingOfRow(store, row)) !== null) continue;
    if (await insertOne(store, making, row, now)) inserted += 1;
  }
  return inserted;
}
