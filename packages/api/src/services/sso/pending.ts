import type { PendingSignIn } from '@gatehouse/ports';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import type { Sso } from '../../house.ts';
import { ProblemError } from '../../problem.ts';

/** Milliseconds from the console to the provider and back. */
export const PENDING_MS = 10 * 60_000;
const CONTEXT = 'sso-pending';

/** What was begun, and what for; sealed, it waits in a cookie of the browser it was begun in. */
const pendingSso = z.object({
  begun: z.object({
    state: z.string(),
    nonce: z.string(),
    codeVerifier: z.string(),
    redirectUrl: z.string(),
    startedAt: z.number(),
    fresh: z.boolean(),
  }),
  purpose: z.enum(['sign-in', 'confirm', 'link']),
  returnTo: z.string(),
  /** The session it was begun in; null: a sign-in. */
  sessionId: z.string().nullable(),
  expiresAt: z.number(),
});
export type PendingSso = z.output<typeof pendingSso>;

export const sealPending = (
  { house }: Context,
  pending: Omit<PendingSso, 'expiresAt' | 'begun'> & { readonly begun: PendingSignIn },
): string =>
  house.auth.box.seal(
    JSON.stringify({ ...pending, expiresAt: house.clock.now() + PENDING_MS } satisfies PendingSso),
    CONTEXT,
  );

/** Throws unless it was begun in this browser, a short while ago. */
export const openPending = ({ house }: Context, sealed: string | undefined): PendingSso => {
  const text = sealed === undefined ? undefined : house.auth.box.open(sealed, CONTEXT);
  const pending = text === undefined ? undefined : pendingSso.parse(JSON.parse(text));
  if (pending === undefined || pending.expiresAt <= house.clock.now()) {
    throw new ProblemError('sso-failed', {
      detail: 'It was begun in another browser, or too long ago. Begin again.',
    });
  }
  return pending;
};

/** The configured provider, or a problem. */
export const ssoOf = ({ house }: Context): Sso => {
  if (house.sso === undefined) throw new ProblemError('sso-off');
  return house.sso;
};

/** Where the console is for the provider: its public address, or its own. */
export const ssoOrigin = ({ house }: Context): string => house.config.consoleOrigins()[0] ?? '';

/** Where the provider leads back to. */
export const redirectUrl = (ctx: Context): string => `${ssoOrigin(ctx)}/sso/callback`;
