import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import cookie from '@fastify/cookie';
import { API_LIMITS } from '@gatehouse/contract';
import type { NotedChange, UnauthorizedChange } from '@gatehouse/ports';
import {
  fastify,
  LogController,
  type FastifyInstance,
  type InjectOptions,
  type LightMyRequestResponse,
} from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { type Context, SYSTEM_ACTOR } from './context.ts';
import { addEmqxV4 } from './emqx-v4/plugin.ts';
import { addAuthentication } from './http/authentication.ts';
import { addErrorHandling, handleError } from './http/errors.ts';
import { addOpenApi } from './http/openapi.ts';
import { watchRegistration } from './http/registered-routes.ts';
import { addRequestLog } from './http/request-log.ts';
import { addSecurityHeaders } from './http/security-headers.ts';
import type { ApiDeps, House } from './house.ts';
import { LiveHub } from './live/hub.ts';
import { addRoutes } from './routes/routes.ts';
import { IdempotencyCache } from './security/idempotency.ts';
import { LastUses } from './security/last-uses.ts';
import { LoginThrottle } from './security/login-throttle.ts';
import { TryBudget } from './security/try-budget.ts';
import { Turns } from './security/turns.ts';
import { randomToken } from './security/tokens.ts';
import { applyChanges } from './services/changes/apply.ts';
import { issueLink } from './services/session/setup.ts';

/** The management API, ready to listen. */
export interface Api {
  /** Call `listen` and, at the end, `close` (which ends the live streams). */
  readonly app: FastifyInstance;
  readonly live: {
    /** Tells open consoles what a flush of the recorder changed. */
    publish(changes: readonly UnauthorizedChange[]): void;
  };
  /** Puts in force here what another server on the same database has changed. */
  readonly applyChanges: (changes: readonly NotedChange[]) => Promise<void>;
  readonly setup: {
    readonly isNeeded: () => Promise<boolean>;
    /** A one-time token for `/setup#TOKEN`, good for 30 minutes; voids the one before. Print it, store it nowhere. */
    readonly issueLink: () => Promise<string>;
  };
  /** The way in for the command on this machine: acts as `cli`, with an owner's rights. */
  readonly control: {
    /** Serves requests that came over the control socket (mode 0600), and no others. */
    readonly handler: (request: IncomingMessage, response: ServerResponse) => void;
    /** The same without a socket, for commands that run while the server is stopped. */
    readonly inject: (options: InjectOptions) => Promise<LightMyRequestResponse>;
  };
}

/** Dry runs of chains that are answered at a time. */
const DRY_RUNS_AT_ONCE_MAX = 2;

const buildServer = async (house: House, controlKey: string): Promise<FastifyInstance> => {
  const app = fastify({
    loggerInstance: house.log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    bodyLimit: API_LIMITS.bodyBytesMax,
    trustProxy: [...house.config.trustedProxies],
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: API_LIMITS.urlBytesMax },
    frameworkErrors: (error, request, reply) => {
      void handleError(error, request, reply);
    },
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  // A form can post text/plain to another origin without being asked; JSON it cannot.
  app.removeContentTypeParser('text/plain');
  watchRegistration(app);
  addErrorHandling(app);
  addRequestLog(app);
  await addSecurityHeaders(app);
  await app.register(cookie);
  addAuthentication(app, house, controlKey);
  await addOpenApi(app, house.config.version);
  await addRoutes(app);
  await addEmqxV4(app);
  app.addHook('preClose', (done) => {
    house.live.close();
    done();
  });
  await app.ready();
  return app;
};

/** Builds the management API on a store and a data plane. It listens when its `app` is told to. */
export const createApi = async (deps: ApiDeps): Promise<Api> => {
  const house: House = {
    ...deps,
    live: new LiveHub(deps.clock),
    lastUses: new LastUses(deps.clock, deps.log),
    throttle: new LoginThrottle(deps.clock),
    tryBudget: new TryBudget(deps.clock),
    dryRuns: new Turns(DRY_RUNS_AT_ONCE_MAX),
    idempotency: new IdempotencyCache(deps.clock),
  };
  // Known to this process only; it never leaves these two functions.
  const controlKey = randomToken();
  const authorization = `Bearer ${controlKey}`;
  const app = await buildServer(house, controlKey);
  const system: Context = { house, caller: { kind: 'nobody' }, ip: '', userAgent: '', requestId: 'start' };
  return {
    app,
    live: { publish: (changes) => house.live.publish(changes) },
    applyChanges: (changes) => applyChanges(house, changes),
    setup: {
      isNeeded: async () => (await deps.store.users.countOwners()) === 0,
      issueLink: async () => (await issueLink(system, SYSTEM_ACTOR)).token,
    },
    control: {
      handler: (request, response) => {
        request.headers.authorization = authorization;
        app.routing(request, response);
      },
      inject: (options) => app.inject({ ...options, headers: { ...options.headers, authorization } }),
    },
  };
};
