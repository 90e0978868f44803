import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { releaseSession } from '../../services/unauthorized/release-session.ts';

export const routeReleaseUnauthorizedSession = (app: FastifyInstance): void => {
  serve(app, 'releaseUnauthorizedSession', ({ ctx, params }) => releaseSession(ctx, params.id));
};
