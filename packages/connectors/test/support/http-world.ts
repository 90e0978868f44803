import {
  createHttp,
  type Attempt,
  type Authenticator,
  type HttpEndpoint,
  type HttpOptions,
  type Verdict,
} from '@gatehouse/auth-core';
import { attemptOf, passwordOf } from '@gatehouse/auth-core/testing';
import { afterEach, beforeEach } from 'vitest';
import { createHttpService, type HttpServiceOptions, type RunningHttpService } from '../../src/http.ts';
import { createOutboundPolicy } from '../../src/outbound.ts';
import { type HttpServer, startHttpServer } from './http-server.ts';
import { countingBudget } from './world.ts';

const PARAMS = { clientid: '%c', username: '%u', password: '%P' };
const clock = { now: () => Date.now(), monotonic: () => performance.now() };

/** What differs from an authenticator that asks the test's own server by the contract `status`. */
interface Setup {
  readonly url?: string;
  readonly endpoint?: Partial<HttpEndpoint>;
  readonly service?: Partial<HttpServiceOptions>;
  readonly options?: Partial<HttpOptions>;
}

interface HttpWorld {
  /** The server of the test that runs. */
  readonly server: Pick<HttpServer, 'url' | 'seen' | 'connections' | 'answerWith'>;
  /** A client with username `pump-7` and password `right`. */
  readonly client: Attempt;
  readonly serviceAt: (url: string, differs?: Partial<HttpServiceOptions>) => RunningHttpService;
  readonly endpointAt: (url: string, setup: Setup) => HttpEndpoint;
  readonly authenticator: (setup?: Setup) => Authenticator;
  readonly ask: (setup?: Setup, attempt?: Attempt) => Promise<Verdict>;
}

/** Starts a server for each test of the file, and closes it and every service with the test. */
export function useHttpWorld(): HttpWorld {
  let current: HttpServer;
  let services: RunningHttpService[] = [];
  beforeEach(async () => {
    current = await startHttpServer();
  });
  afterEach(async () => {
    await Promise.all(services.map((service) => service.close()));
    services = [];
    await current.close();
  });
  const client = attemptOf({ username: 'pump-7', password: passwordOf('right') });
  const serviceAt: HttpWorld['serviceAt'] = (url, differs = {}) => {
    const service = createHttpService({
      url,
      headers: { authorization: 'Bearer service-secret' },
      policy: createOutboundPolicy({ allow: [], deny: [] }),
      connectionsMax: 4,
      connectTimeoutMs: 500,
      bodyBytesMax: 1_000,
      tls: undefined,
      ...differs,
    });
    services.push(service);
    return service;
  };
  const endpointAt: HttpWorld['endpointAt'] = (url, { endpoint = {}, service = {} }) => ({
    service: serviceAt(url, service),
    form: 'form',
    params: PARAMS,
    absent: 'null',
    ...endpoint,
  });
  const authenticator: HttpWorld['authenticator'] = (setup = {}) =>
    createHttp({
      name: 'service',
      endpoint: endpointAt(setup.url ?? `${current.url}/mqtt/auth`, setup),
      superuser: undefined,
      contract: 'status',
      answerMsMax: 1_000,
      budget: countingBudget(),
      clock,
      ...setup.options,
    });
  return {
    server: {
      get url() {
        return current.url;
      },
      get seen() {
        return current.seen;
      },
      connections: () => current.connections(),
      answerWith: (handler) => {
        current.answerWith(handler);
      },
    },
    client,
    serviceAt,
    endpointAt,
    authenticator,
    ask: async (setup = {}, attempt = client) => authenticator(setup).check(attempt),
  };
}

/** What a verdict says beside its reason. */
export const detailOf = (verdict: Verdict) => ('detail' in verdict ? verdict.detail : undefined);
