import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { undoUnauthorized } from '../../services/unauthorized/undo.ts';

export const routeUndoUnauthorizedDeletion = (app: FastifyInstance): void => {
  serve(app, 'undoUnauthorizedDeletion', ({ ctx, body }) => undoUnauthorized(ctx, body));
};
