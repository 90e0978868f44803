import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { recorderStatus } from '../../services/unauthorized/recorder.ts';

export const routeGetRecorderStatus = (app: FastifyInstance): void => {
  serve(app, 'getRecorderStatus', ({ ctx }) => recorderStatus(ctx));
};
