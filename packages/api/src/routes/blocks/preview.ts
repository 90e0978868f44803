import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { previewBlock } from '../../services/blocks/preview.ts';

export const routePreviewBlock = (app: FastifyInstance): void => {
  serve(app, 'previewBlock', ({ ctx, body }) => previewBlock(ctx, body));
};
