import {
  createHttp,
  explainHttp,
  HTTP_PLACEHOLDERS,
  isPasswordParam,
  isUnknownPlaceholder,
  type HttpEndpoint,
  type HttpOptions,
  type ParamTemplates,
} from '@gatehouse/auth-core';
import {
  createHttpService,
  createOutboundPolicy,
  readTls,
  type HttpServiceOptions,
  type RunningHttpService,
} from '@gatehouse/connectors';
import { httpSettings, type HttpSettings } from '@gatehouse/contract';
import { failing } from './failing.ts';
import type { AuthenticatorKind, SettingProblem } from './kind.ts';
import { NO_BUDGET } from './no-budget.ts';

/** One request as the settings describe it. */
type Request = Pick<HttpSettings, 'url' | 'method' | 'body' | 'params'>;

const paramProblems = (at: string, { method, params }: Request, passwordInUrl: boolean): SettingProblem[] =>
  Object.entries(params).flatMap(([name, template]): SettingProblem[] => {
    const path = `${at}params.${name}`;
    if (isUnknownPlaceholder(template)) {
      const accepted = `a fixed value, or exactly one of ${HTTP_PLACEHOLDERS.join(' ')}`;
      return [{ path, found: 'an unknown placeholder, or one within a text', accepted }];
    }
    if (method === 'get' && isPasswordParam(template) && !passwordInUrl) {
      return [{ path, found: 'the password in a URL', accepted: 'method: post, or password_in_url: true' }];
    }
    return [];
  });

function problems(settings: HttpSettings): readonly SettingProblem[] {
  const { superuser, contract, tls } = settings;
  const out = paramProblems('', settings, settings.password_in_url);
  if (superuser !== undefined) {
    out.push(...paramProblems('superuser.', superuser, settings.password_in_url));
    if (contract !== 'status') {
      out.push({
        path: 'superuser',
        found: 'a second request',
        accepted: 'none: with contract: json the answer says is_superuser',
      });
    }
  }
  if (settings.response_timeout_ms >= settings.timeout_ms) {
    out.push({
      path: 'response_timeout_ms',
      found: String(settings.response_timeout_ms),
      accepted: `less than timeout_ms (${settings.timeout_ms})`,
    });
  }
  const read = readTls(tls);
  if (read.tls === undefined)
    out.push({ path: `tls.${read.at}`, found: read.problem, accepted: 'PEM, or the path of a file with it' });
  return out;
}

const formOf = ({ method, body }: Request): HttpEndpoint['form'] => (method === 'get' ? 'query' : body);

const endpointOf = (
  request: Request,
  { absent }: HttpSettings,
  service: RunningHttpService,
): HttpEndpoint => ({
  service,
  form: formOf(request),
  params: request.params satisfies ParamTemplates,
  absent,
});

/** A service of the operator's own, asked over HTTP. */
export const httpKind: AuthenticatorKind<HttpSettings> = {
  settings: httpSettings,
  problems,
  create: (name, settings, { outbound, ownPorts, budget, clock }) => {
    const read = readTls(settings.tls);
    if (read.tls === undefined)
      return failing(name, 'http', 'HTTP_UNREACHABLE', `tls.${read.at}: ${read.problem}`);
    const shared: Omit<HttpServiceOptions, 'url'> = {
      headers: settings.headers,
      policy: createOutboundPolicy({ ...outbound, ...(ownPorts === undefined ? {} : { ownPorts }) }),
      connectionsMax: settings.pool_size,
      connectTimeoutMs: settings.connect_timeout_ms,
      bodyBytesMax: settings.response_bytes_max,
      tls: read.tls,
    };
    const service = createHttpService({ ...shared, url: settings.url });
    const { superuser } = settings;
    const superuserService = superuser && createHttpService({ ...shared, url: superuser.url });
    const options: HttpOptions = {
      name,
      endpoint: endpointOf(settings, settings, service),
      superuser: superuser && superuserService && endpointOf(superuser, settings, superuserService),
      contract: settings.contract,
      answerMsMax: settings.response_timeout_ms,
      budget,
      clock,
    };
    return {
      authenticator: createHttp(options),
      rehearsal: createHttp({ ...options, budget: NO_BUDGET }),
      probe: () => service.probe(settings.response_timeout_ms),
      explain: (attempt) => explainHttp(options, attempt),
      pool: () => service.pool(),
      close: async () => {
        await Promise.all([service.close(), superuserService?.close()]);
      },
    };
  },
};
