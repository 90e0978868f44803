import {
  attributesToRead,
  createLdap,
  filterOf,
  parseLdapTemplate,
  placeholdersOf,
  Secret,
  type LdapAttributes,
  type LdapOptions,
  type LdapTemplate,
} from '@gatehouse/auth-core';
import { createLdapDirectory, ldapFilterProblem, readTls, sourceAddressOf } from '@gatehouse/connectors';
import { ldapSettings, type LdapSettings } from '@gatehouse/contract/authenticators';
import { failing } from './failing.ts';
import type { AuthenticatorKind, SettingProblem } from './kind.ts';
import { explainLdap } from './ldap-explain.ts';
import { NO_BUDGET } from './no-budget.ts';

/** A directory. */
export const ldapKind: AuthenticatorKind<LdapSettings> = {
  settings: ldapSettings,
  problems: problemsOf,
  create: (name, settings, { verifier, budget }) => {
    const attributes = attributesOf(settings);
    const read = readTls(settings.tls);
    if (read.tls === undefined) {
      return failing(name, 'ldap', 'LDAP_UNREACHABLE', `tls.${read.at}: ${read.problem}`);
    }
    const directory = createLdapDirectory({
      servers: settings.servers.map((server) => sourceAddressOf(server, portOf(settings))),
      security: securityOf(settings),
      tls: settings.tls.enabled ? read.tls : undefined,
      bindDn: settings.bind_dn,
      bindPassword: new Secret(settings.bind_password),
      scope: settings.scope,
      attributes: attributesToRead(attributes),
      poolSize: settings.pool_size,
      connectTimeoutMs: settings.connect_timeout_ms,
      queryTimeoutMs: settings.query_timeout_ms,
    });
    const options: LdapOptions = {
      name,
      directory,
      search: {
        base: templateOf(settings.base_dn),
        filter: filterOf(settings.object_class, templateOf(settings.filter)),
      },
      attributes,
      bindAsUser: settings.bind_as_user,
      verifier,
      budget,
    };
    return {
      authenticator: createLdap(options),
      rehearsal: createLdap({ ...options, budget: NO_BUDGET }),
      probe: directory.probe,
      explain: (attempt) => explainLdap(options, attempt),
      pool: directory.pool,
      close: directory.close,
    };
  },
};

const PLAIN_PORT = 389;
const TLS_PORT = 636;

type Security = Parameters<typeof createLdapDirectory>[0]['security'];

const securityOf = ({ tls, start_tls: startTls }: LdapSettings): Security =>
  tls.enabled ? (startTls ? 'starttls' : 'tls') : 'none';

const portOf = (settings: LdapSettings): number => (securityOf(settings) === 'tls' ? TLS_PORT : PLAIN_PORT);

const attributesOf = (settings: LdapSettings): LdapAttributes => ({
  // A directory need not hand out what nobody compares.
  password: settings.bind_as_user ? '' : settings.password_attribute,
  enabled: settings.enabled_attribute,
  publish: settings.publish_attribute,
  subscribe: settings.subscribe_attribute,
  publishAndSubscribe: settings.pubsub_attribute,
});

/** An unknown placeholder has been told as a problem; nothing is made of settings that have one. */
function templateOf(text: string): LdapTemplate {
  const template = parseLdapTemplate(text);
  if ('unknown' in template) throw new Error(`unknown placeholder ${template.unknown}`);
  return template;
}

const PLACEHOLDERS = '${username}, ${clientid}, ${cn}, ${subject}, ${ip}, or %u, %c, %C, %d, %a';

function problemsOf(settings: LdapSettings): readonly SettingProblem[] {
  return [...templateProblems(settings), ...accountProblems(settings), ...connectionProblems(settings)];
}

function templateProblems(settings: LdapSettings): readonly SettingProblem[] {
  const problems: SettingProblem[] = [];
  const read = (path: 'base_dn' | 'filter'): LdapTemplate | undefined => {
    const template = parseLdapTemplate(settings[path]);
    if (!('unknown' in template)) return template;
    problems.push({ path, found: template.unknown, accepted: PLACEHOLDERS });
    return undefined;
  };
  const base = read('base_dn');
  const filter = read('filter');
  if (base === undefined || filter === undefined) return problems;
  if (placeholdersOf(base).length + placeholdersOf(filter).length === 0) {
    const accepted = 'a placeholder here or in the filter: every client would have the same entry';
    problems.push({ path: 'base_dn', found: 'no placeholder', accepted });
  }
  // Alone: what is not closed in it would be closed by what is put around it.
  const sample = filterOf('', filter);
  const problem = ldapFilterProblem(sample.map((part) => (typeof part === 'string' ? part : 'x')).join(''));
  if (problem !== undefined) problems.push({ path: 'filter', found: settings.filter, accepted: problem });
  return problems;
}

function accountProblems(settings: LdapSettings): readonly SettingProblem[] {
  const problems: SettingProblem[] = [];
  if ((settings.bind_dn === '') !== (settings.bind_password === '')) {
    const found = 'one of bind_dn and bind_password';
    // RFC 4513 §5.1.2: a name without a password is an anonymous login that looks like the account's.
    problems.push({ path: 'bind_dn', found, accepted: 'both, or neither' });
  }
  if (!settings.bind_as_user && settings.password_attribute === '') {
    const accepted = 'the attribute of the stored password, or bind_as_user: true';
    problems.push({ path: 'password_attribute', found: 'empty', accepted });
  }
  return problems;
}

function connectionProblems(settings: LdapSettings): readonly SettingProblem[] {
  const problems: SettingProblem[] = [];
  if (settings.start_tls && !settings.tls.enabled) {
    problems.push({ path: 'start_tls', found: 'true', accepted: 'with tls.enabled: true' });
  }
  const read = readTls(settings.tls);
  if (read.tls === undefined) {
    const accepted = 'PEM text, or the path of a file with PEM; cert and key both, or neither';
    problems.push({ path: `tls.${read.at}`, found: read.problem, accepted });
  }
  if (settings.query_timeout_ms >= settings.timeout_ms) {
    problems.push({
      path: 'query_timeout_ms',
      found: String(settings.query_timeout_ms),
      accepted: `less than timeout_ms (${settings.timeout_ms})`,
    });
  }
  return problems;
}
