import type { FastifyInstance } from 'fastify';

/** One line per request, by route pattern: what people search for stands in queries, which are not logged. */
export const addRequestLog = (app: FastifyInstance): void => {
  app.addHook('onResponse', (request, reply, done) => {
    const caller = request.gatehouse?.caller;
    const line = {
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      actor: caller === undefined || caller.kind === 'nobody' ? null : `${caller.kind}:${caller.actor.id}`,
    };
    const isWrite = request.method !== 'GET' && request.method !== 'HEAD';
    if (isWrite || reply.statusCode >= 400) request.log.info(line, 'request');
    else request.log.debug(line, 'request');
    done();
  });
};
