import { authorize, type Context } from '../../context.ts';
import { presentAuthenticator } from './present.ts';
import { mergeSetup } from './setup.ts';
import { readStored } from './stored.ts';

/** All authenticators, those of the configuration first. */
export const listAuthenticators = async (ctx: Context) => {
  authorize(ctx, 'authentication:read');
  const { auth, store, dataPlane } = ctx.house;
  const [stored, stats] = await Promise.all([readStored(store), dataPlane.stats()]);
  const names = Object.keys(mergeSetup(auth, stored).authenticators);
  const items = names.flatMap(
    (name) => presentAuthenticator(auth, stored, name, stats.auth.authenticators) ?? [],
  );
  return { items };
};
