import { type Access, type Endpoint, ENDPOINTS, isDangerous, type OperationId } from '@gatehouse/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { contextOf } from './authentication.ts';
import { checkConfirmed, type Context } from '../context.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call; a route without it is refused at registration. */
    access?: Access;
  }
}

type OutputOf<E, K extends string> =
  E extends Readonly<Record<K, infer S>> ? (S extends z.ZodType ? z.output<S> : undefined) : undefined;

/** A request as its endpoint describes it. */
interface Call<E extends Endpoint> {
  readonly ctx: Context;
  readonly params: OutputOf<E, 'params'>;
  readonly query: OutputOf<E, 'query'>;
  readonly body: OutputOf<E, 'body'>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** The answer's value, or the reply itself when the handler streams. */
type Answer<E extends Endpoint> = OutputOf<E, 'response'> | FastifyReply;
export type Handler<E extends Endpoint> = (call: Call<E>) => Answer<E> | Promise<Answer<E>>;

const responseSchema = (endpoint: Endpoint): Record<number, unknown> => {
  const status = endpoint.status ?? 200;
  if (endpoint.response === undefined) return {};
  if (endpoint.produces === undefined) return { [status]: endpoint.response };
  return {
    [status]: {
      description: endpoint.summary,
      content: { [endpoint.produces]: { schema: endpoint.response } },
    },
  };
};

/** The validator compiler has parsed these with the endpoint's own schemas, so they have its output types. */
const parsedCall = <E extends Endpoint>(request: FastifyRequest, reply: FastifyReply): Call<E> =>
  ({
    ctx: contextOf(request),
    params: request.params,
    query: request.query,
    body: request.body,
    request,
    reply,
  }) as Call<E>;

const schemaOf = (operationId: OperationId, endpoint: Endpoint) => ({
  operationId,
  tags: [endpoint.tag],
  summary: endpoint.summary,
  ...(endpoint.description === undefined ? {} : { description: endpoint.description }),
  ...(endpoint.params === undefined ? {} : { params: endpoint.params }),
  ...(endpoint.query === undefined ? {} : { querystring: endpoint.query }),
  ...(endpoint.body === undefined ? {} : { body: endpoint.body }),
  response: responseSchema(endpoint),
});

/**
 * Who has been answered may connect a device at once and find the change in force. A data plane that ends meanwhile makes
 * nothing of what was committed undone.
 */
const inForce = ({ house }: Context): Promise<void> => house.dataPlane.inForce().catch(() => undefined);

/**
 * Puts one endpoint of the contract on the server: its schemas, its access, and a handler that calls one service verb.
 *
 * @example serve(app, 'listUsers', ({ ctx }) => listUsers(ctx));
 */
export const serve = <Id extends OperationId>(
  app: FastifyInstance,
  operationId: Id,
  handler: Handler<(typeof ENDPOINTS)[Id]>,
): void => {
  const endpoint: Endpoint = ENDPOINTS[operationId];
  app.route({
    method: endpoint.method,
    url: endpoint.path,
    config: { access: endpoint.access },
    ...(endpoint.bodyBytesMax === undefined ? {} : { bodyLimit: endpoint.bodyBytesMax }),
    schema: schemaOf(operationId, endpoint),
    handler: async (request, reply) => {
      reply.code(endpoint.status ?? 200);
      if (endpoint.produces !== undefined) reply.type(endpoint.produces);
      const call = parsedCall<(typeof ENDPOINTS)[Id]>(request, reply);
      if (isDangerous(operationId, request.body)) checkConfirmed(call.ctx);
      const answer: unknown = await handler(call);
      if (endpoint.method !== 'GET') await inForce(call.ctx);
      // A reply is a thenable: awaiting one that streams ends with the stream, and gives undefined.
      return answer === reply || reply.sent ? reply : reply.send(answer);
    },
  });
};
