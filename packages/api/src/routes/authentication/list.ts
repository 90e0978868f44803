import type { FastifyInstance } from 'fastify';
import { serve } from '../../http/serve.ts';
import { listAuthenticators } from '../../services/authentication/list.ts';
import { listAuthenticatorTypes } from '../../services/authentication/types.ts';

export const routeListAuthenticators = (app: FastifyInstance): void => {
  serve(app, 'listAuthenticators', ({ ctx }) => listAuthenticators(ctx));
};

export const routeListAuthenticatorTypes = (app: FastifyInstance): void => {
  serve(app, 'listAuthenticatorTypes', ({ ctx }) => listAuthenticatorTypes(ctx));
};
