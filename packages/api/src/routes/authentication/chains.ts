import type { FastifyInstance } from 'fastify';
import { ifMatchVersion, setEtag } from '../../http/preconditions.ts';
import { serve } from '../../http/serve.ts';
import { getAnonymous, putAnonymous } from '../../services/authentication/anonymous.ts';
import { getChain, listChains } from '../../services/authentication/chains.ts';
import { putChain } from '../../services/authentication/put-chain.ts';

export const routeListChains = (app: FastifyInstance): void => {
  serve(app, 'listChains', ({ ctx }) => listChains(ctx));
};

export const routeGetChain = (app: FastifyInstance): void => {
  serve(app, 'getChain', async ({ ctx, params, reply }) => {
    const found = await getChain(ctx, params.chain);
    setEtag(reply, found.version);
    return found;
  });
};

export const routePutChain = (app: FastifyInstance): void => {
  serve(app, 'putChain', async ({ ctx, params, body, request, reply }) => {
    const changed = await putChain(ctx, params.chain, body.steps, ifMatchVersion(request));
    setEtag(reply, changed.version);
    return changed;
  });
};

export const routeGetAnonymous = (app: FastifyInstance): void => {
  serve(app, 'getAnonymous', async ({ ctx, reply }) => {
    const found = await getAnonymous(ctx);
    setEtag(reply, found.version);
    return found;
  });
};

export const routePutAnonymous = (app: FastifyInstance): void => {
  serve(app, 'putAnonymous', async ({ ctx, body, request, reply }) => {
    const changed = await putAnonymous(ctx, body.policy, ifMatchVersion(request));
    setEtag(reply, changed.version);
    return changed;
  });
};
