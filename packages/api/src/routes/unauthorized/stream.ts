import type { FastifyInstance } from 'fastify';
import { sendEvents } from '../../http/send-events.ts';
import { serve } from '../../http/serve.ts';
import { toUnauthorizedFilter } from '../../services/unauthorized/filter.ts';

export const routeStreamUnauthorizedClients = (app: FastifyInstance): void => {
  serve(app, 'streamUnauthorizedClients', ({ ctx, query, request, reply }) =>
    sendEvents(ctx, toUnauthorizedFilter(query), request, reply),
  );
};
