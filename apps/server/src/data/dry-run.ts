import {
  type Attempt,
  type ChainStep,
  type Clock,
  createChain,
  type Decision,
  type Verdict,
} from '@gatehouse/auth-core';
import type {
  DryRunClient,
  DryRunRequest,
  DryRunUnknown,
  DryRunVerdict,
  KnownAnswer,
} from '@gatehouse/ports';
import type { AuthenticatorNeeds } from './authenticators/kind.ts';
import { type RunningAuthenticators, stepOf } from './authenticators/running.ts';
import { chainEntries } from './chains.ts';

/** Bounds of one dry run. */
const DRY_RUN = {
  /** Milliseconds after which nobody else is asked about. */
  budgetMs: 5_000,
  /** Clients that are asked about at the same time. */
  atOnceMax: 4,
  /** Milliseconds of one client's chain. */
  chainBudgetMs: 2_000,
} as const;

/** Reasons that say no more than that a secret was missing: with the client's own the answer would be another. */
const ABOUT_SECRET: ReadonlySet<string> = new Set([
  'BASIC_PASSWORD_MISSING',
  'SOURCE_PASSWORD_MISSING',
  'LDAP_PASSWORD_MISSING',
  'JWT_MISSING',
]);
/** Types that decide by the certificate or key of the connection, of which only the names are stored. */
const BY_CONNECTION: ReadonlySet<string> = new Set(['x509', 'psk']);
/** A username that was a token is stored without it. */
const MASKED_TOKEN = /^jwt:/;

interface DryRunNeeds {
  readonly request: DryRunRequest;
  /** Those in force. */
  readonly authenticators: RunningAuthenticators;
  /** For those of the draft: without a guessing budget. */
  readonly quiet: AuthenticatorNeeds;
  /** The attempt that a client would make without its secret. */
  readonly attemptOf: (client: DryRunClient) => Attempt;
}

/** Asks a draft of a chain about known clients, a few at a time, within bounds. Never rejects. */
export async function dryRunChain(needs: DryRunNeeds): Promise<readonly DryRunVerdict[]> {
  const { request, authenticators, quiet } = needs;
  const drafts = new Map(
    Object.entries(request.authenticators).map(([name, raw]) => [name, stepOf(name, raw, quiet)]),
  );
  const step = (name: string): ChainStep => (drafts.get(name) ?? authenticators.get(name)).rehearsal;
  const endsAt = quiet.clock.monotonic() + DRY_RUN.budgetMs;
  const verdicts: DryRunVerdict[] = [];
  const waiting = request.clients.values();
  const work = async (): Promise<void> => {
    for (const client of waiting) {
      const isLate = quiet.clock.monotonic() >= endsAt;
      verdicts.push(isLate ? untold(client, 'out-of-time') : await askAbout(client, step, needs));
    }
  };
  try {
    await Promise.all(Array.from({ length: DRY_RUN.atOnceMax }, work));
    return verdicts;
  } finally {
    await Promise.allSettled([...drafts.values()].map(({ running }) => running.close()));
  }
}

const untold = ({ id }: DryRunClient, why: DryRunUnknown, by = ''): DryRunVerdict => ({
  id,
  outcome: 'unknown',
  reason: null,
  by,
  why,
  inferred: false,
});

/** What was met on the way through the chain. */
interface Notes {
  unknown: { readonly by: string; readonly why: DryRunUnknown } | undefined;
  inferred: boolean;
}

async function askAbout(
  client: DryRunClient,
  step: (name: string) => ChainStep,
  { request, quiet, attemptOf }: DryRunNeeds,
): Promise<DryRunVerdict> {
  const notes: Notes = { unknown: undefined, inferred: false };
  const chain = createChain({
    name: request.chain,
    steps: chainEntries(request.steps, (name) => replayed(step(name), client, notes)),
    anonymous: () => request.anonymous,
    clock: quiet.clock satisfies Clock,
    budgetMs: DRY_RUN.chainBudgetMs,
  });
  const decision = await chain.decide(attemptOf(client));
  return verdictOf(client, decision, notes);
}

function verdictOf(client: DryRunClient, decision: Decision, { unknown, inferred }: Notes): DryRunVerdict {
  if (unknown !== undefined) return untold(client, unknown.why, unknown.by);
  const { id } = client;
  const { by } = decision;
  if (decision.outcome === 'busy') return untold(client, 'busy', by);
  if (decision.outcome === 'allow') return { id, outcome: 'allow', reason: null, by, why: null, inferred };
  const { reason } = decision;
  // The certificate itself is not kept, so a group that binds to it cannot be asked.
  if (reason === 'REQUIRE_BIND_MISMATCH' && client.tlsUsed) return untold(client, 'certificate-not-kept', by);
  return { id, outcome: 'deny', reason, by, why: null, inferred };
}

/** The step as it would answer about this client, as far as can be told without its secret. */
function replayed(step: ChainStep, client: DryRunClient, notes: Notes): ChainStep {
  const { name, type } = step.authenticator;
  const asThen = (why: DryRunUnknown): Verdict => {
    const answer = Object.hasOwn(client.known, name) ? client.known[name] : undefined;
    if (answer !== undefined) {
      notes.inferred = true;
      return verdictThen(name, client, answer);
    }
    notes.unknown ??= { by: name, why };
    return { outcome: 'ignore', reason: 'CHAIN_EXHAUSTED' };
  };
  const check = async (attempt: Attempt): Promise<Verdict> => {
    // Nothing after the first that cannot be told about changes the answer.
    if (notes.unknown !== undefined) return { outcome: 'ignore', reason: 'CHAIN_EXHAUSTED' };
    if (type === 'http') return asThen('service-not-asked');
    if (BY_CONNECTION.has(type) && client.tlsUsed) return asThen('certificate-not-kept');
    if (type === 'jwt' && MASKED_TOKEN.test(client.username ?? '')) return asThen('secret-not-kept');
    const live = await step.authenticator.check(attempt);
    const isAboutSecret = 'reason' in live && ABOUT_SECRET.has(live.reason);
    return isAboutSecret && client.passwordProvided ? asThen('secret-not-kept') : live;
  };
  return { ...step, authenticator: { name, type, check } };
}

function verdictThen(
  name: string,
  { username, clientId }: DryRunClient,
  { outcome, reason }: KnownAnswer,
): Verdict {
  if (outcome !== 'allow') return { outcome, reason: reason ?? 'CHAIN_EXHAUSTED' };
  return {
    outcome,
    grant: {
      principal: { namespace: name, subject: username ?? clientId },
      superuser: false,
      rules: [],
      credentialId: undefined,
      bindsClientId: false,
      expiresAt: undefined,
      rehash: false,
      anonymous: false,
    },
  };
}
