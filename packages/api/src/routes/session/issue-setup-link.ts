import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { iso } from '../../present/time.ts';
import { issueSetupLink } from '../../services/session/setup.ts';

export const routeIssueSetupLink = (app: FastifyInstance): void => {
  serve(app, 'issueSetupLink', async ({ ctx }) => {
    const link = await issueSetupLink(ctx);
    return { token: link.token, expiresAt: iso(link.expiresAt) };
  });
};
