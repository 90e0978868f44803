import { authorize, type Context } from '../../context.ts';
import { ProblemError } from '../../problem.ts';
import { presentAuthenticator } from '../../present/authenticator-stats.ts';
import { mergeSetup } from './setup.ts';
import { readStored } from './stored.ts';

/** What an authenticator answered since start, and how its backend is just now. */
export const getAuthenticatorStatus = async (ctx: Context, name: string) => {
  authorize(ctx, 'authentication:read');
  const { auth, store, dataPlane } = ctx.house;
  if (!Object.hasOwn(mergeSetup(auth, await readStored(store)).authenticators, name)) {
    throw new ProblemError('not-found');
  }
  const [stats, backend] = await Promise.all([dataPlane.stats(), dataPlane.authenticatorStatus(name)]);
  const found = stats.auth.authenticators.find((one) => one.name === name);
  return { stats: found === undefined ? null : presentAuthenticator(found), backend };
};
