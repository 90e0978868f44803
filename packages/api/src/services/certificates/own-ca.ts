import { authorize, type Context } from '../../context.ts';
import { ProblemError } from '../../problem.ts';

/** The certificate, PEM, that clients have to trust where the server signed its own. No secret: every TLS client is sent as much. */
export const getOwnCa = async (ctx: Context): Promise<string> => {
  authorize(ctx, 'stats:read');
  const certificate = await ctx.house.config.ownCa?.certificate();
  if (certificate === undefined) {
    throw new ProblemError('not-found', {
      detail: 'No TLS listener serves a certificate of the server’s own CA.',
    });
  }
  return certificate;
};
