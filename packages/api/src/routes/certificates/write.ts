import type { FastifyInstance } from 'fastify';
import { authorize } from '../../context.ts';
import { idempotencyKey, ifMatchVersion, setEtag } from '../../http/preconditions.ts';
import { serve } from '../../http/serve.ts';
import { issueCertificate } from '../../services/certificates/issue.ts';
import { renewCertificate } from '../../services/certificates/renew.ts';
import { revokeCertificate } from '../../services/certificates/revoke.ts';
import { distrustCa, trustCa } from '../../services/certificates/trust.ts';

export const routeIssueCertificate = (app: FastifyInstance): void => {
  serve(app, 'issueCertificate', async ({ ctx, body, request, reply }) => {
    const key = idempotencyKey(request);
    const issue = () => issueCertificate(ctx, body);
    const actor = authorize(ctx, 'certificates:write');
    const made =
      key === undefined ? await issue() : await ctx.house.idempotency.once(actor.id, key, body, issue);
    setEtag(reply, made.version);
    return made;
  });
};

export const routeRenewCertificate = (app: FastifyInstance): void => {
  serve(app, 'renewCertificate', async ({ ctx, params, body, request, reply }) => {
    const key = idempotencyKey(request);
    const renew = () => renewCertificate(ctx, params.id, body, ifMatchVersion(request));
    const actor = authorize(ctx, 'certificates:write');
    const made =
      key === undefined
        ? await renew()
        : await ctx.house.idempotency.once(actor.id, key, { ...body, ...params }, renew);
    setEtag(reply, made.version);
    return made;
  });
};

export const routeRevokeCertificate = (app: FastifyInstance): void => {
  serve(app, 'revokeCertificate', async ({ ctx, params, body, request, reply }) => {
    const changed = await revokeCertificate(ctx, params.id, body, ifMatchVersion(request));
    setEtag(reply, changed.version);
    return changed;
  });
};

export const routeTrustCa = (app: FastifyInstance): void => {
  serve(app, 'trustCa', ({ ctx, body }) => trustCa(ctx, body));
};

export const routeDistrustCa = (app: FastifyInstance): void => {
  serve(app, 'distrustCa', async ({ ctx, params }) => {
    await distrustCa(ctx, params.fingerprint);
    return undefined;
  });
};
