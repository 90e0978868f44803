import { GUESSING_LIMITS, SCRAM_LIMITS, type GuessingLimits } from '@gatehouse/auth-core';
import { z } from 'zod';
import { accessRules, aclCache } from './schema-access.ts';
import { chainEntry } from '@gatehouse/contract/chain-entry';
import { aclRule, bootstrapCredential } from './schema-bootstrap.ts';
import { group, networks } from './schema-parts.ts';

/** Publish and subscribe everything outside `$` (auth.md §7). */
const DEFAULT_RULES = [{ permission: 'allow', action: 'all', topic: '#' }] as const;

/** Names are shown in the trace and in metric labels. */
const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,31}$/, { error: 'a name of lower-case letters, digits, "-" and "_"' });

const GUESSING_DOCS: Readonly<Record<keyof GuessingLimits, string>> = {
  pairFailuresMax: 'Failures of one address with one username before it is blocked.',
  pairRefillMs: 'After how long one of them is forgotten.',
  blockMinMs: 'The first block; each further one is twice as long.',
  blockMaxMs: 'The longest block.',
  blockForgetMs: 'After how long without a failure the next block is as short as the first.',
  usernameFailuresMax: 'Failures of one username from anywhere before it is slowed.',
  usernameRefillMs: 'A slowed username may fail once in this time.',
  networkFailuresMax: 'Failures of one network (/24, /64) before it is slowed.',
  networkRefillMs: 'A slowed network may fail once in this time.',
  entriesMax: 'Entries kept of each kind.',
  usernameUnitsMax: 'Characters of a username that tell it from others.',
  listedMax: 'Entries listed at most.',
};

/** Thirty days: a longer block or memory is an operator's decision, not a budget's. */
const GUESSING_MS_MAX = 2_592_000_000;
const GUESSING_COUNT_MAX = 10_000_000;

const guessingLimit = (key: keyof GuessingLimits) =>
  z
    .number()
    .int()
    .min(1)
    .max(key.endsWith('Ms') ? GUESSING_MS_MAX : GUESSING_COUNT_MAX)
    .default(GUESSING_LIMITS[key])
    .describe(GUESSING_DOCS[key]);
const guessingLimits = Object.fromEntries(
  (Object.keys(GUESSING_DOCS) as (keyof GuessingLimits)[]).map((key) => [key, guessingLimit(key)]),
) as Record<keyof GuessingLimits, ReturnType<typeof guessingLimit>>;

export const authSchema = group('Who is admitted.', {
  anonymous: z
    .enum(['deny', 'allow', 'quick_deny'])
    .default('deny')
    .describe(
      'What happens when no authenticator decides; `quick_deny` refuses clients without a username before any is asked.',
    ),
  preset: z
    .enum(['', 'emqx_4_3'])
    .default('')
    .describe(
      '`emqx_4_3`: that system’s result matrix, CONNACK codes and error policies, and its anonymous default (allow); each may still be set.',
    ),
  chains: z
    .record(name, z.array(chainEntry).max(32))
    .default({ default: ['builtin'] })
    // Declaring another chain does not take the default one away.
    .transform((chains) => ({ default: ['builtin'], ...chains }))
    .describe(
      'Chains of authenticator names, in order; `{ require: [x509, builtin], identity: builtin, bind: cn_username }` as the last entry wants all of a set.',
    ),
  authenticators: z
    .record(
      name,
      z
        .looseObject({ type: z.string().min(1).describe('Its type.') })
        .describe('Settings of one authenticator.'),
    )
    .default({})
    .describe(
      'Authenticators by name, each with its `type`; `docs/guides/authentication` has a page per type. `builtin` needs no entry.',
    ),
  default_rules: z
    .array(aclRule)
    .max(200)
    .default([...DEFAULT_RULES])
    .describe('Access rules written into a credential that is made without any.'),
  rules: accessRules,
  no_match: z
    .enum(['deny', 'allow'])
    .default('deny')
    .describe(
      'What becomes of a publish or subscription that no rule is about; `allow` opens nothing that begins with `$`.',
    ),
  deny_action: z
    .enum(['ignore', 'disconnect'])
    .default('ignore')
    .describe(
      'What becomes of a client that does what it may not: the answer alone (0x87 where there is one), or its connection ends.',
    ),
  acl_cache: aclCache,
  scram_iterations: z
    .number()
    .int()
    .min(SCRAM_LIMITS.iterationsMin)
    .max(SCRAM_LIMITS.iterationsMax)
    .default(SCRAM_LIMITS.iterationsMin)
    .describe(
      'PBKDF2 iterations of SCRAM passwords that are set from now on; work for the device at each login.',
    ),
  bootstrap_credentials: z
    .array(bootstrapCredential)
    .max(10_000)
    .default([])
    .describe('Credentials inserted at start when absent, never overwritten.'),
  guessing: group('The guessing budget: how failed logins that cost hash or backend work are slowed down.', {
    enabled: z.boolean().default(true).describe('Slow guesses down at all.'),
    exempt: networks([], 'Networks (CIDR) of direct connections that are not slowed.'),
    ...guessingLimits,
  }),
});
