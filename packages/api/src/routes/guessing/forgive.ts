import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { forgiveGuessers } from '../../services/guessing/forgive.ts';

export const routeForgiveGuessers = (app: FastifyInstance): void => {
  serve(app, 'forgiveGuessers', ({ ctx, body }) => forgiveGuessers(ctx, body));
};
