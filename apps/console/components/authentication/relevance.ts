import { valueAt, type Tree } from './schema.ts';

interface Seen {
  readonly settings: Tree;
  /** Dotted paths of secrets that are set on the server. */
  readonly secrets: ReadonlySet<string>;
}

type Rule = (seen: Seen) => boolean;

const is =
  (path: string, wanted: unknown, otherwise: unknown): Rule =>
  ({ settings }) =>
    (valueAt(settings, path) ?? otherwise) === wanted;
const isNot =
  (path: string, unwanted: unknown, otherwise: unknown): Rule =>
  (seen) =>
    !is(path, unwanted, otherwise)(seen);
const isWritten =
  (path: string): Rule =>
  ({ settings, secrets }) => {
    const value = valueAt(settings, path);
    return value === null ? false : (value !== undefined && value !== '') || secrets.has(path);
  };

const TLS: Readonly<Record<string, Rule>> = Object.fromEntries(
  ['ca', 'cert', 'key', 'verify', 'server_name'].map((name) => [
    `tls.${name}`,
    is('tls.enabled', true, false),
  ]),
);
const BREAKER: Readonly<Record<string, Rule>> = {
  breaker_pause_ms: isNot('breaker_failures', 0, undefined),
};
const DATABASE = { ...TLS, ...BREAKER };
const POSTED = (at: string): Rule => isNot(`${at}method`, 'get', 'post');

/** By type, the settings that mean something only beside others. */
const RULES: Readonly<Record<string, Readonly<Record<string, Rule>>>> = {
  http: {
    ...BREAKER,
    body: POSTED(''),
    'superuser.body': POSTED('superuser.'),
    'acl_request.body': POSTED('acl_request.'),
    superuser: is('contract', 'status', 'json'),
    password_in_url: is('method', 'get', 'post'),
    // Its address says whether TLS is spoken.
    'tls.enabled': () => false,
  },
  jwt: {
    breaker_pause_ms: isNot('breaker_failures', 0, 0),
    secret_base64: isWritten('secret'),
    weak_secret: isWritten('secret'),
    jwks_headers: isWritten('jwks_url'),
    jwks_refresh_seconds: isWritten('jwks_url'),
    tls: isWritten('jwks_url'),
    'tls.enabled': () => false,
  },
  ldap: {
    ...TLS,
    ...BREAKER,
    start_tls: is('tls.enabled', true, false),
    password_attribute: isNot('bind_as_user', true, false),
  },
  mysql: DATABASE,
  postgresql: DATABASE,
  redis: {
    ...DATABASE,
    sentinel: is('mode', 'sentinel', 'single'),
    sentinel_password: is('mode', 'sentinel', 'single'),
    database: isNot('mode', 'cluster', 'single'),
  },
  mongodb: {
    ...DATABASE,
    replica_set: is('mode', 'rs', 'single'),
    read_preference: is('mode', 'rs', 'single'),
  },
};

/**
 * Whether a setting means anything beside the others. One that is written shows all the same: nothing that is sent is
 * out of sight.
 */
export function isRelevant(path: string, seen: Seen): boolean {
  const type = valueAt(seen.settings, 'type');
  const rule = RULES[typeof type === 'string' ? type : '']?.[path];
  return (
    rule === undefined || rule(seen) || valueAt(seen.settings, path) !== undefined || seen.secrets.has(path)
  );
}
