import type { FastifyInstance } from 'fastify';
import { ifMatchVersion, setEtag } from '../../http/preconditions.ts';
import { serve } from '../../http/serve.ts';
import {
  previewAnonymousRevert,
  previewAuthenticatorRevert,
  previewChainRevert,
} from '../../services/authentication/revert-preview.ts';
import { revertAnonymous, revertAuthenticator, revertChain } from '../../services/authentication/revert.ts';

export const routeRevertAuthenticator = (app: FastifyInstance): void => {
  serve(app, 'revertAuthenticator', async ({ ctx, params, request, reply }) => {
    const changed = await revertAuthenticator(ctx, params.name, ifMatchVersion(request));
    setEtag(reply, changed.version);
    return changed;
  });
};

export const routeRevertChain = (app: FastifyInstance): void => {
  serve(app, 'revertChain', async ({ ctx, params, request, reply }) => {
    const changed = await revertChain(ctx, params.chain, ifMatchVersion(request));
    setEtag(reply, changed.version);
    return changed;
  });
};

export const routeRevertAnonymous = (app: FastifyInstance): void => {
  serve(app, 'revertAnonymous', async ({ ctx, request, reply }) => {
    const changed = await revertAnonymous(ctx, ifMatchVersion(request));
    setEtag(reply, changed.version);
    return changed;
  });
};

export const routePreviewRevertAuthenticator = (app: FastifyInstance): void => {
  serve(app, 'previewRevertAuthenticator', ({ ctx, params }) => previewAuthenticatorRevert(ctx, params.name));
};

export const routePreviewRevertChain = (app: FastifyInstance): void => {
  serve(app, 'previewRevertChain', ({ ctx, params }) => previewChainRevert(ctx, params.chain));
};

export const routePreviewRevertAnonymous = (app: FastifyInstance): void => {
  serve(app, 'previewRevertAnonymous', ({ ctx }) => previewAnonymousRevert(ctx));
};
