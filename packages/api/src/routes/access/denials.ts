import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { clearAclCache, clearDenials, countAclCache, listDenials } from '../../services/access/denials.ts';

export const routeListDenials = (app: FastifyInstance): void => {
  serve(app, 'listDenials', ({ ctx, query }) => listDenials(ctx, query));
};

export const routeClearDenials = (app: FastifyInstance): void => {
  serve(app, 'clearDenials', ({ ctx }) => clearDenials(ctx));
};

export const routeGetAclCache = (app: FastifyInstance): void => {
  serve(app, 'getAclCache', ({ ctx }) => countAclCache(ctx));
};

export const routeClearAclCache = (app: FastifyInstance): void => {
  serve(app, 'clearAclCache', ({ ctx, query }) => clearAclCache(ctx, query));
};
