import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { dryRunChain } from '../../services/authentication/dry-run.ts';

export const routeDryRunChain = (app: FastifyInstance): void => {
  serve(app, 'dryRunChain', ({ ctx, params, body }) => dryRunChain(ctx, params.chain, body));
};
