import { z } from 'zod';
import { authName, chainEntry, groupBind } from './chain-entry.ts';
import { isoTime } from './common.ts';
import { authenticatorStats, tryBody } from './operations.ts';
import { traceStep } from './unauthorized.ts';

export const authNameParams = z.object({ name: authName });
export const chainParams = z.object({ chain: authName });

/** Authenticators that may be stored. */
export const AUTHENTICATORS_MAX = 64;
/** Entries of one chain. */
const CHAIN_STEPS_MAX = 32;
export const CHAINS_MAX = 32;

/** Settings as written, `type` among them; what each type takes is in `GET /authenticator-types`. */
const settings = z.looseObject({ type: z.string().min(1).max(32) });

export const createAuthenticator = z.object({ name: authName, settings }).strict();
/** A secret that is left out stays as it is; null removes it. The type cannot be changed. */
export const updateAuthenticator = z.object({ settings }).strict();

export const authenticator = z.object({
  name: z.string(),
  type: z.string(),
  enabled: z.boolean(),
  /** `default`: the built-in credentials, which are there without being declared. */
  source: z.enum(['file', 'stored', 'default']),
  /** Where the configuration declares it; null: it is edited here. */
  declaredAt: z.string().nullable(),
  /** Without what is secret. */
  settings: z.record(z.string(), z.unknown()),
  /** Dotted paths of the secrets that are set. */
  secrets: z.array(z.string()),
  /** What keeps it from working: settings that no longer fit, secrets that cannot be opened. */
  problem: z.string().nullable(),
  chains: z.array(z.string()),
  /** Its settings before the last change are kept, and a revert brings them back with their secrets. */
  revertible: z.boolean(),
  version: z.number().int(),
  updatedAt: isoTime.nullable(),
  stats: authenticatorStats.nullable(),
});
export type AuthenticatorDto = z.infer<typeof authenticator>;
export const authenticatorList = z.object({ items: z.array(authenticator) });

export const authenticatorTypes = z.object({
  items: z.array(z.object({ type: z.string(), schema: z.record(z.string(), z.unknown()) })),
});

const chainStep = z.union([
  z.string(),
  z.object({ require: z.array(z.string()), identity: z.string(), bind: groupBind }),
]);

export const chain = z.object({
  name: z.string(),
  /** In order. */
  steps: z.array(chainStep),
  declaredAt: z.string().nullable(),
  /** What the last change replaced and a revert brings back; null: there is none. */
  previous: z.array(chainStep).nullable(),
  /** Listeners whose clients it decides about. */
  listeners: z.array(z.string()),
  version: z.number().int(),
});
export type ChainDto = z.infer<typeof chain>;
export const chainList = z.object({ items: z.array(chain) });
export const putChain = z
  .object({
    steps: z
      .array(chainEntry)
      .max(CHAIN_STEPS_MAX)
      .refine((steps) => isWithoutRepeats(steps.filter((step) => typeof step === 'string')), {
        error: 'each authenticator once',
      }),
  })
  .strict();

const isWithoutRepeats = (names: readonly string[]): boolean => new Set(names).size === names.length;

const anonymousPolicy = z.enum(['deny', 'allow', 'quick_deny']);
export const anonymous = z.object({
  policy: anonymousPolicy,
  /** What a revert brings back; null: nothing. */
  previous: anonymousPolicy.nullable(),
  declaredAt: z.string().nullable(),
  version: z.number().int(),
});
export type AnonymousDto = z.infer<typeof anonymous>;
export const putAnonymous = z.object({ policy: anonymousPolicy }).strict();

const probe = z
  .union([
    z.object({ ok: z.literal(true), ms: z.number() }),
    z.object({ ok: z.literal(false), problem: z.string() }),
  ])
  .nullable();

const detail = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]));

/** Without `settings`: those in force. Without `attempt`: only whether the backend can be reached. */
export const testAuthenticator = z
  .object({ settings: settings.optional(), attempt: tryBody.optional() })
  .strict();
export const authenticatorTest = z.object({
  probe,
  step: traceStep.nullable(),
  explained: detail.nullable(),
});
export type AuthenticatorTestDto = z.infer<typeof authenticatorTest>;

export const authenticatorStatus = z.object({
  stats: authenticatorStats.nullable(),
  backend: z
    .object({
      breaker: z.enum(['closed', 'open', 'trying']),
      running: z.number().int(),
      waiting: z.number().int(),
      pool: z
        .object({
          open: z.number().int(),
          idle: z.number().int(),
          waiting: z.number().int(),
          max: z.number().int(),
        })
        .nullable(),
    })
    .nullable(),
});

/** Clients of one dry run, of each kind. */
export const DRY_RUN_CLIENTS_MAX = 200;

/** A draft: what it leaves out is as it is now. */
export const dryRunChain = z
  .object({
    steps: putChain.shape.steps,
    anonymous: anonymousPolicy.optional(),
    /** Settings that differ, by name; secrets left out are those that are stored. */
    authenticators: z.record(authName, settings).default({}),
    /** The refused clients that tried last, and the open sessions, that the draft is asked about. */
    attempts: z.number().int().min(0).max(DRY_RUN_CLIENTS_MAX).default(100),
    sessions: z.number().int().min(0).max(DRY_RUN_CLIENTS_MAX).default(100),
  })
  .strict();

/** Why it cannot be told. */
const dryRunUnknown = z.enum([
  'secret-not-kept',
  'certificate-not-kept',
  'service-not-asked',
  'busy',
  'out-of-time',
]);
const dryRunClient = {
  clientId: z.string().nullable(),
  username: z.string().nullable(),
  ip: z.string(),
  listener: z.string(),
  /** Why it would be refused; null where it would not, or that cannot be told. */
  wouldBe: z.string().nullable(),
  /** The authenticator that would decide, or that cannot be told about. */
  by: z.string(),
  why: dryRunUnknown.nullable(),
  /** `inference` rests on what an authenticator answered then. */
  standing: z.enum(['fact', 'inference']),
};

export const dryRun = z.object({
  chain: z.string(),
  attempts: z.object({
    examined: z.number().int(),
    same: z.number().int(),
    admitted: z.number().int(),
    otherReason: z.number().int(),
    cannotTell: z.number().int(),
    /** Those that would fare otherwise first. */
    items: z.array(
      z.object({
        ...dryRunClient,
        id: z.string(),
        reason: z.string(),
        lastAttemptAt: isoTime,
        outcome: z.enum(['same', 'admitted', 'other-reason', 'cannot-tell']),
      }),
    ),
  }),
  /** Sessions go on whatever the draft says: this is about their next login. */
  sessions: z.object({
    examined: z.number().int(),
    admitted: z.number().int(),
    refused: z.number().int(),
    cannotTell: z.number().int(),
    /** There are more sessions of this chain than were looked at. */
    more: z.boolean(),
    items: z.array(z.object({ ...dryRunClient, outcome: z.enum(['admitted', 'refused', 'cannot-tell']) })),
  }),
});
export type DryRunDto = z.infer<typeof dryRun>;
