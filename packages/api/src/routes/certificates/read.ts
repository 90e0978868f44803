import type { FastifyInstance } from 'fastify';
import { setEtag } from '../../http/preconditions.ts';
import { serve } from '../../http/serve.ts';
import { getCaFiles, getCertificateAuthority } from '../../services/certificates/authority.ts';
import { getCertificate, getCertificatePem, listCertificates } from '../../services/certificates/list.ts';
import { CA_FILE_NAME } from './own-ca.ts';

const attachment = (name: string): string => `attachment; filename="${name}"`;

export const routeListCertificates = (app: FastifyInstance): void => {
  serve(app, 'listCertificates', ({ ctx, query }) => listCertificates(ctx, query));
};

export const routeGetCertificate = (app: FastifyInstance): void => {
  serve(app, 'getCertificate', async ({ ctx, params, reply }) => {
    const found = await getCertificate(ctx, params.id);
    setEtag(reply, found.version);
    return found;
  });
};

export const routeGetCertificatePem = (app: FastifyInstance): void => {
  serve(app, 'getCertificatePem', async ({ ctx, params, reply }) => {
    const { pem, serial } = await getCertificatePem(ctx, params.id);
    reply.header('content-disposition', attachment(`${serial}.crt`));
    return pem;
  });
};

export const routeGetCertificateAuthority = (app: FastifyInstance): void => {
  serve(app, 'getCertificateAuthority', ({ ctx }) => getCertificateAuthority(ctx));
};

export const routeGetCaCertificate = (app: FastifyInstance): void => {
  serve(app, 'getCaCertificate', async ({ ctx, reply }) => {
    const { certificate } = await getCaFiles(ctx);
    reply.header('content-disposition', attachment(CA_FILE_NAME));
    return certificate;
  });
};

export const routeGetCrlPem = (app: FastifyInstance): void => {
  serve(app, 'getCrlPem', async ({ ctx, reply }) => {
    const { crl } = await getCaFiles(ctx);
    reply.header('content-disposition', attachment('gatehouse-crl.pem'));
    return crl;
  });
};

export const routeGetCrlDer = (app: FastifyInstance): void => {
  serve(app, 'getCrlDer', async ({ ctx, reply }) => {
    const { crl } = await getCaFiles(ctx);
    reply.header('content-disposition', attachment('gatehouse.crl'));
    return reply.send(Buffer.from(crl.replaceAll(/-----[^-]+-----/g, ''), 'base64'));
  });
};
