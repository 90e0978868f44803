import type { FastifyInstance } from 'fastify';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Routes by app: method and path segments, to answer 405 where another method exists. */
const routesOf = new WeakMap<
  FastifyInstance,
  { readonly method: string; readonly segments: readonly string[] }[]
>();

/**
 * Refuses, at registration, a route that does not say who may call it: forgetting it must not open anything. Keeps
 * what was registered for `allowedMethods`.
 */
export const watchRegistration = (app: FastifyInstance): void => {
  const routes: { method: string; segments: readonly string[] }[] = [];
  routesOf.set(app, routes);
  app.addHook('onRoute', (route) => {
    if (route.config?.access === undefined) throw new Error(`${route.url} does not declare who may call it`);
    for (const method of [route.method].flat()) routes.push({ method, segments: route.url.split('/') });
  });
};

const fits = (pattern: readonly string[], path: readonly string[]): boolean =>
  pattern.length === path.length && pattern.every((part, i) => part.startsWith(':') || part === path[i]);

/** The methods that exist for this address; empty: it is unknown. */
export const allowedMethods = (app: FastifyInstance, url: string): readonly string[] => {
  const path = (url.split('?', 1)[0] ?? '').split('/');
  const routes = routesOf.get(app) ?? [];
  return METHODS.filter((method) =>
    routes.some((route) => route.method === method && fits(route.segments, path)),
  );
};
