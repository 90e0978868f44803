import { authorizePerson, type Context } from '../../context.ts';
import { ProblemError } from '../../problem.ts';
import { type PendingSso, redirectUrl, sealPending, ssoOf, ssoOrigin } from './pending.ts';

/** Where the browser goes, and what it keeps in a cookie meanwhile. */
export interface StartedSso {
  readonly url: string;
  readonly sealed: string;
}

/** The cookie of one address is not there at another: who opened the console elsewhere is told where it works. */
const checkAddress = (ctx: Context, origin: string | undefined): void => {
  const expected = ssoOrigin(ctx);
  if (origin !== undefined && origin !== expected)
    throw new ProblemError('origin-denied', { detail: `This sign-in works at ${expected}.` });
};

const begin = async (
  ctx: Context,
  origin: string | undefined,
  what: Pick<PendingSso, 'purpose' | 'returnTo' | 'sessionId'>,
): Promise<StartedSso> => {
  const { provider } = ssoOf(ctx);
  checkAddress(ctx, origin);
  const fresh = what.purpose === 'confirm';
  const began = await provider.begin({ redirectUrl: redirectUrl(ctx), fresh });
  if ('failure' in began) throw new ProblemError('sso-unavailable', { detail: began.problem });
  return { url: began.url, sealed: sealPending(ctx, { ...what, begun: began.pending }) };
};

/** Public: nothing is told that the provider does not tell everybody. */
export const startSignIn = (
  ctx: Context,
  origin: string | undefined,
  returnTo: string,
): Promise<StartedSso> => begin(ctx, origin, { purpose: 'sign-in', returnTo, sessionId: null });

/** A fresh proof, or a link, for the session that asks. */
export const startForSession = async (
  ctx: Context,
  origin: string | undefined,
  purpose: 'confirm' | 'link',
): Promise<StartedSso> => {
  const { session } = authorizePerson(ctx);
  return begin(ctx, origin, { purpose, returnTo: '/settings/account', sessionId: session.id });
};
