import swagger from '@fastify/swagger';
import {
  DANGEROUS,
  ENDPOINTS,
  type Endpoint,
  problem,
  PROBLEMS,
  type ProblemCode,
  TAGS,
} from '@gatehouse/contract';
import type { FastifyInstance } from 'fastify';
import { createJsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';

const transform = createJsonSchemaTransform({});
const problemSchema = z.toJSONSchema(problem, { target: 'draft-2020-12' });

/** Problems that follow from what an endpoint is. */
const impliedProblems = (operationId: string, endpoint: Endpoint): readonly ProblemCode[] => [
  ...((endpoint.params ?? endpoint.query ?? endpoint.body) ? (['invalid-input'] as const) : []),
  ...(endpoint.access === 'public' ? [] : (['unauthenticated', 'forbidden'] as const)),
  ...(operationId in DANGEROUS ? (['confirmation-needed'] as const) : []),
  ...(endpoint.method === 'GET' ? [] : (['csrf-failed', 'origin-denied'] as const)),
  ...(endpoint.body === undefined ? [] : (['payload-too-large', 'unsupported-media-type'] as const)),
];

/** All problems an endpoint may answer with, without repeats. */
export const problemsOf = (operationId: string, endpoint: Endpoint): readonly ProblemCode[] => [
  ...new Set([...impliedProblems(operationId, endpoint), ...(endpoint.problems ?? [])]),
];

const problemResponses = (operationId: string, endpoint: Endpoint): Record<string, unknown> => {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of problemsOf(operationId, endpoint)) {
    const { status } = PROBLEMS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('. '),
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    ]),
  );
};

const endpointOf = (operationId: unknown): Endpoint | undefined =>
  typeof operationId === 'string'
    ? new Map<string, Endpoint>(Object.entries(ENDPOINTS)).get(operationId)
    : undefined;

export const addOpenApi = async (app: FastifyInstance, version: string): Promise<void> => {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Gatehouse management API',
        version,
        description:
          'Sign in with a session cookie (console) or `Authorization: Bearer KEY`. Errors are RFC 9457 problems with a `code`, field paths and a `requestId`. Times are ISO 8601 UTC.',
      },
      tags: TAGS.map((name) => ({ name })),
      components: {
        securitySchemes: {
          apiKey: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: '__Host-gatehouse' },
        },
      },
    },
    transform: (document) => {
      const { schema, url } = transform(document);
      const endpoint = endpointOf(document.schema.operationId);
      if (endpoint === undefined) return { schema, url };
      const response = {
        ...(schema.response as Record<string, unknown>),
        ...problemResponses(String(document.schema.operationId), endpoint),
      };
      const security = endpoint.access === 'public' ? [] : [{ apiKey: [] }, { session: [] }];
      return { schema: { ...schema, response, security }, url };
    },
  });
};

export const openApiText = (app: FastifyInstance): string => JSON.stringify(app.swagger());
