import type { ProvenIdentity } from '@gatehouse/ports';
import { authorizePerson, type Context, SYSTEM_ACTOR, writeAudit } from '../../context.ts';
import { ProblemError } from '../../problem.ts';
import { noteConfirmed } from '../account/confirm.ts';
import { isAudited } from '../session/login.ts';
import { openSession, type OpenedSession } from '../session/open-session.ts';
import { openPending, type PendingSso, ssoOf } from './pending.ts';
import { admitPerson, linkTo } from './person.ts';

/** What became of it; `opened` after a sign-in. */
export interface FinishedSso {
  readonly purpose: PendingSso['purpose'];
  readonly returnTo: string;
  readonly opened: OpenedSession | null;
}

/** What failures at the provider are counted under, by address. */
const THROTTLED = 'sso';

const signIn = (ctx: Context, identity: ProvenIdentity): Promise<OpenedSession> => {
  const { settings } = ssoOf(ctx);
  const { store, clock, config } = ctx.house;
  return store.transaction(async (tx) => {
    const user = await admitPerson(tx, ctx, identity, settings);
    await tx.userSessions.removeExpired(clock.now(), config.sessions.idleMs);
    return openSession(tx, ctx, user, identity.issuer);
  });
};

const confirm = async (ctx: Context, { issuer, subject }: ProvenIdentity): Promise<null> => {
  const { user } = authorizePerson(ctx);
  const known = await ctx.house.store.userIdentities.find(issuer, subject);
  if (known?.userId !== user.id) throw new ProblemError('sso-other-person');
  await noteConfirmed(ctx);
  return null;
};

const link = async (ctx: Context, identity: ProvenIdentity): Promise<null> => {
  const { user, actor } = authorizePerson(ctx);
  await ctx.house.store.transaction(async (tx) => {
    await linkTo(tx, ctx, user, identity);
    await writeAudit(tx, ctx, actor, {
      action: 'account.link-identity',
      target: { kind: 'user', id: user.id, name: user.email },
      after: { issuer: identity.issuer, subject: identity.subject },
    });
  });
  return null;
};

/** A fresh proof and a link are of the session that asked for them. */
const checkSession = ({ caller }: Context, { sessionId }: PendingSso): void => {
  if (sessionId === null) return;
  if (caller.kind !== 'user' || caller.session.id !== sessionId)
    throw new ProblemError('sso-failed', { detail: 'You are no longer signed in where it was begun.' });
};

const prove = async (ctx: Context, pending: PendingSso, query: string): Promise<ProvenIdentity> => {
  const found = await ssoOf(ctx).provider.finish(pending.begun, query);
  if (!('failure' in found)) return found;
  throw new ProblemError(found.failure === 'unavailable' ? 'sso-unavailable' : 'sso-failed', {
    detail: `${found.problem}.`,
  });
};

const carryOut = {
  'sign-in': signIn,
  confirm,
  link,
} as const satisfies Record<
  PendingSso['purpose'],
  (ctx: Context, identity: ProvenIdentity) => Promise<OpenedSession | null>
>;

const note = async (ctx: Context, problem: ProblemError, failures: number, who: string): Promise<void> => {
  if (!isAudited(failures)) return;
  await ctx.house.store.transaction((tx) =>
    writeAudit(tx, ctx, SYSTEM_ACTOR, {
      action: 'session.login-failed',
      target: { kind: 'user', id: '', name: who },
      after: { failures, why: problem.code },
    }),
  );
};

/**
 * Takes what the provider sent back with the browser. Public: the sealed cookie says what was begun in this browser, and
 * the provider's answer must fit it. Failures slow the address down.
 */
export const finishSso = async (
  ctx: Context,
  query: string,
  sealed: string | undefined,
): Promise<FinishedSso> => {
  ssoOf(ctx);
  const pending = openPending(ctx, sealed);
  checkSession(ctx, pending);
  const admission = ctx.house.throttle.admit(THROTTLED, ctx.ip);
  if (admission.result === 'wait')
    throw new ProblemError('too-many-requests', { retryAfterSeconds: admission.retryAfterSeconds });
  let who = '';
  try {
    const identity = await prove(ctx, pending, query);
    who = identity.email ?? identity.subject;
    const opened = await carryOut[pending.purpose](ctx, identity);
    admission.succeeded();
    return { purpose: pending.purpose, returnTo: pending.returnTo, opened };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    if (error.code === 'sso-unavailable') admission.undecided();
    else await note(ctx, error, admission.failures, who);
    throw error;
  }
};
