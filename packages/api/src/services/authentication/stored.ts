import type { AnonymousPolicy, ChainSetupEntry } from '@gatehouse/auth-core';
import { chainEntry } from '@gatehouse/contract';
import type { RawAuthenticator, Repositories, SecretBox } from '@gatehouse/ports';
import { z } from 'zod';
import type { Secrets } from './secrets.ts';

/** Key of the record in `settings`. */
export const KEY = 'auth';

const anonymousPolicy = z.enum(['deny', 'allow', 'quick_deny']);

/** `previous` is what the last change replaced: what a revert brings back. */
const stored = z.object({
  authenticators: z.record(
    z.string(),
    z.object({
      settings: z.looseObject({ type: z.string() }),
      /** The secrets, sealed; null when there are none. */
      sealed: z.string().nullable(),
      version: z.number().int(),
      updatedAt: z.number(),
      previous: z
        .object({ settings: z.looseObject({ type: z.string() }), sealed: z.string().nullable() })
        .optional(),
    }),
  ),
  chains: z.record(
    z.string(),
    z.object({
      steps: z.array(chainEntry),
      version: z.number().int(),
      previous: z.array(chainEntry).optional(),
    }),
  ),
  anonymous: z
    .object({ policy: anonymousPolicy, version: z.number().int(), previous: anonymousPolicy.optional() })
    .nullable(),
});

/** What of authenticators, chains and the anonymous policy is edited here rather than declared. */
export interface StoredAuth {
  readonly authenticators: Readonly<Record<string, StoredAuthenticator>>;
  readonly chains: Readonly<Record<string, StoredChain>>;
  readonly anonymous: {
    readonly policy: AnonymousPolicy;
    readonly version: number;
    readonly previous?: AnonymousPolicy | undefined;
  } | null;
}

interface StoredChain {
  readonly steps: readonly ChainSetupEntry[];
  readonly version: number;
  readonly previous?: readonly ChainSetupEntry[] | undefined;
}

export interface StoredAuthenticator {
  /** Without secrets. */
  readonly settings: RawAuthenticator;
  readonly sealed: string | null;
  readonly version: number;
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
  /** What the last change replaced, its secrets still sealed. */
  readonly previous?: Pick<StoredAuthenticator, 'settings' | 'sealed'> | undefined;
}

const NOTHING: StoredAuth = { authenticators: {}, chains: {}, anonymous: null };

type Settings = Pick<Repositories, 'settings'>;

/** A record that cannot be read is a defect: nothing is guessed from it. */
export async function readStored({ settings }: Settings): Promise<StoredAuth> {
  return parseStored(await settings.get(KEY));
}

export const parseStored = (found: unknown): StoredAuth =>
  found === undefined ? NOTHING : stored.parse(found);

export async function writeStored({ settings }: Settings, value: StoredAuth): Promise<void> {
  await settings.set(KEY, value);
}

export const seal = (box: SecretBox, secrets: Secrets): string | null =>
  Object.keys(secrets).length === 0 ? null : box.seal(JSON.stringify(secrets));

const secretsSchema = z.record(z.string(), z.unknown());

/** Undefined when they cannot be opened: another secret key, or a damaged record. */
export function unseal(box: SecretBox, sealed: string | null): Secrets | undefined {
  if (sealed === null) return {};
  const text = box.open(sealed);
  return text === undefined ? undefined : secretsSchema.parse(JSON.parse(text));
}
