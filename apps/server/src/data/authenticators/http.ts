import {
  askHttpAcl,
  createHttp,
  explainHttp,
  HTTP_PLACEHOLDERS,
  HTTP_TOPIC_PLACEHOLDERS,
  isPasswordParam,
  isUnknownPlaceholder,
  type HttpAclOptions,
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
import { httpSettings, type HttpSettings } from '@gatehouse/contract/authenticators';
import { failing } from './failing.ts';
import type { AuthenticatorKind, RunningAuthenticator, SettingProblem } from './kind.ts';
import { NO_BUDGET } from './no-budget.ts';
import { rulesOf, topicProblems } from './x509-settings.ts';

/** One request as the settings describe it. */
type Request = Pick<HttpSettings, 'url' | 'method' | 'body' | 'params'>;

const paramProblems = (
  at: string,
  { method, params }: Request,
  passwordInUrl: boolean,
  aboutTopic = false,
): SettingProblem[] =>
  Object.entries(params).flatMap(([name, template]): SettingProblem[] => {
    const path = `${at}params.${name}`;
    if (isUnknownPlaceholder(template, aboutTopic)) {
      const known = aboutTopic ? [...HTTP_PLACEHOLDERS, ...HTTP_TOPIC_PLACEHOLDERS] : HTTP_PLACEHOLDERS;
      const accepted = `a fixed value, or exactly one of ${known.join(' ')}`;
      return [{ path, found: 'an unknown placeholder, or one within a text', accepted }];
    }
    if (aboutTopic && isPasswordParam(template))
      return [{ path, found: 'the password', accepted: 'anything else: it is not kept after the login' }];
    if (method === 'get' && isPasswordParam(template) && !passwordInUrl) {
      return [{ path, found: 'the password in a URL', accepted: 'method: post, or password_in_url: true' }];
    }
    return [];
  });

function problems(settings: HttpSettings): readonly SettingProblem[] {
  const { superuser, acl_request: acl, contract, tls } = settings;
  const out = [
    ...paramProblems('', settings, settings.password_in_url),
    ...topicProblems(settings.rules, 'rules'),
  ];
  if (acl !== undefined) out.push(...paramProblems('acl_request.', acl, false, true));
  if (superuser !== undefined) {
    out.push(...paramProblems('superuser.', superuser, settings.password_in_url));
    if (contract !== 'status') {
      out.push({
        path: 'superuser',
        found: 'a second request',
        accepted:
          contract === 'json'
            ? 'none: with contract: json the answer says is_superuser'
            : 'none: it belongs to contract: status',
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

const aboutTopic = (
  options: HttpAclOptions,
  onError: 'deny' | 'ignore',
): NonNullable<RunningAuthenticator['aboutTopic']> => ({
  ask: (attempt, question) => askHttpAcl(options, attempt, question),
  onError,
});

/** A service of the operator's own, asked over HTTP. */
export const httpKind: AuthenticatorKind<HttpSettings> = {
  settings: httpSettings,
  problems,
  create: (name, settings, { outbound, ownPorts, budget, clock, preset }) => {
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
    const { acl_request: acl } = settings;
    const aclService = acl && createHttpService({ ...shared, url: acl.url });
    const options: HttpOptions = {
      name,
      endpoint: endpointOf(settings, settings, service),
      superuser: superuser && superuserService && endpointOf(superuser, settings, superuserService),
      contract: settings.contract,
      rules: settings.rules && rulesOf(settings.rules),
      asksAboutTopics: acl !== undefined,
      answerMsMax: settings.response_timeout_ms,
      budget,
      clock,
    };
    return {
      authenticator: createHttp(options),
      rehearsal: createHttp({ ...options, budget: NO_BUDGET }),
      probe: () => service.probe(settings.response_timeout_ms),
      explain: (attempt) => explainHttp(options, attempt),
      ...(acl === undefined || aclService === undefined
        ? {}
        : {
            aboutTopic: aboutTopic(
              {
                endpoint: endpointOf(acl, settings, aclService),
                contract: settings.contract,
                answerMsMax: settings.response_timeout_ms,
              },
              acl.on_error ?? (preset === 'emqx_4_3' ? 'ignore' : 'deny'),
            ),
          }),
      pool: () => service.pool(),
      close: async () => {
        await Promise.all([service.close(), superuserService?.close(), aclService?.close()]);
      },
    };
  },
};
