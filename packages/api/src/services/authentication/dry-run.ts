import type { DryRunDto, dryRunChain as dryRunBody } from '@gatehouse/contract';
import type { AuthSetup, DryRunClient, RawAuthenticator } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { ProblemError } from '../../problem.ts';
import { checkSettings } from './check-settings.ts';
import { attemptClients } from './dry-run-attempts.ts';
import { presentAttempts, presentSessions } from './dry-run-present.ts';
import { sessionClients } from './dry-run-sessions.ts';
import { checkSteps } from './put-chain.ts';
import { join } from './secrets.ts';
import { mergeSetup } from './setup.ts';
import { readStored, type StoredAuth } from './stored.ts';
import { withKept } from './update.ts';

type Draft = z.output<typeof dryRunBody>;

/** What a draft of a chain would decide about the clients refused lately and the open sessions; nothing is stored. */
export const dryRunChain = async (ctx: Context, chain: string, draft: Draft): Promise<DryRunDto> => {
  const actor = authorize(ctx, 'authentication:write');
  const { auth, store, dryRuns } = ctx.house;
  const stored = await readStored(store);
  const setup = mergeSetup(auth, stored);
  const listeners = auth.listenersOf[chain] ?? [];
  if (!Object.hasOwn(setup.chains, chain) && listeners.length === 0) throw new ProblemError('not-found');
  const drafts = draftsOf(ctx, stored, setup, draft);
  checkSteps(draft.steps, { ...setup.authenticators, ...drafts });
  // A draft makes the server call out to where its writer says: the audit tells who did.
  await store.transaction((tx) =>
    writeAudit(tx, ctx, actor, {
      action: 'chain.dry-run',
      target: { kind: 'chain', id: chain, name: chain },
      after: { steps: draft.steps, drafts: Object.keys(drafts) },
    }),
  );
  const answer = await dryRuns.take(() => ask(ctx, { chain, listeners, draft, drafts, setup, stored }));
  if (answer === 'busy') throw new ProblemError('too-many-requests');
  return answer;
};

interface Question {
  readonly chain: string;
  readonly listeners: readonly string[];
  readonly draft: Draft;
  readonly drafts: Readonly<Record<string, RawAuthenticator>>;
  readonly setup: AuthSetup;
  readonly stored: StoredAuth;
}

async function ask(ctx: Context, question: Question): Promise<DryRunDto> {
  const { chain, listeners, draft, drafts, setup, stored } = question;
  const changed = Object.keys(drafts);
  const [attempts, sessions] = await Promise.all([
    attemptClients(ctx, { listeners, limit: draft.attempts, changed, stored, setup }),
    sessionClients(ctx, { listeners, limit: draft.sessions, setup }),
  ]);
  const clients: DryRunClient[] = [...attempts, ...sessions.found].map(({ client }) => client);
  const verdicts = await ctx.house.dataPlane.dryRunChain({
    chain,
    steps: draft.steps,
    anonymous: draft.anonymous ?? setup.anonymous,
    authenticators: drafts,
    clients,
  });
  const byId = new Map(verdicts.map((verdict) => [verdict.id, verdict]));
  return {
    chain,
    attempts: presentAttempts(attempts, byId),
    sessions: presentSessions(sessions, byId),
  };
}

/** The draft's settings, whole: secrets that it leaves out are those that are stored under the name. */
function draftsOf(
  ctx: Context,
  stored: StoredAuth,
  setup: AuthSetup,
  { authenticators }: Draft,
): Readonly<Record<string, RawAuthenticator>> {
  const { auth } = ctx.house;
  return Object.fromEntries(
    Object.entries(authenticators).map(([name, settings]) => {
      const current = stored.authenticators[name];
      if (current === undefined && !Object.hasOwn(setup.authenticators, name)) {
        throw new ProblemError('not-found', { detail: `There is no authenticator ${name}.` });
      }
      const { plain, secrets } =
        current === undefined ? { plain: settings, secrets: {} } : withKept(auth, current, settings);
      const whole = join(plain, secrets);
      checkSettings(auth, whole);
      return [name, whole];
    }),
  );
}
