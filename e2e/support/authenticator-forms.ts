import { generateKeyPairSync } from 'node:crypto';

/** What a person writes into a field, by its label: text, a choice by its words, or a check. */
type Written = readonly [label: string, value: string | boolean];

/** How an authenticator of one type is made in the console, and what the server then holds. */
export interface FormOfType {
  /** Its name among the types. */
  readonly card: string;
  readonly fields: readonly Written[];
  /** A field with something that only the server can refuse, its words about it, and what is right. */
  readonly wrong: readonly [label: string, value: string, words: string, right: string];
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secrets: readonly string[];
  /** One field, changed afterwards, and what of the settings changes with it. */
  readonly edit: readonly [
    label: string,
    value: string | boolean,
    settings: Readonly<Record<string, unknown>>,
  ];
}

const PUBLIC_KEY = generateKeyPairSync('ed25519')
  .publicKey.export({ type: 'spki', format: 'pem' })
  .toString();
const CERTIFICATES = [{ name: 'Pumps', match: { cn_pattern: 'pump-[0-9]+' } }];
const UNKNOWN_HASH = 'the algorithm is one of: plain, md5';
/** Nobody listens there: what is tested here is the forms. */
const NOWHERE = '127.0.0.1:1';

const SQL: Omit<FormOfType, 'card' | 'settings'> & { readonly settings: Readonly<Record<string, unknown>> } =
  {
    fields: [
      ['Server', NOWHERE],
      ['Database', 'plant'],
      ['Username', 'reader'],
      ['Password', 'of-the-database'],
      ['Query', 'select password, salt from device where name = ${username}'],
      ['Superuser query', 'select is_superuser from device where name = ${username}'],
      ['Rules query', 'select * from rule where username = ${username}'],
      ['Speak TLS', true],
      ['Name in the certificate', 'db.plant'],
      ['Connections', '4'],
    ],
    wrong: ['Password hash', 'salt,sha255', UNKNOWN_HASH, 'salt,sha256'],
    secrets: ['password'],
    settings: {
      server: NOWHERE,
      database: 'plant',
      username: 'reader',
      query: 'select password, salt from device where name = ${username}',
      super_query: 'select is_superuser from device where name = ${username}',
      acl_query: 'select * from rule where username = ${username}',
      password_hash: 'salt,sha256',
      tls: { enabled: true, server_name: 'db.plant' },
      pool_size: 4,
    },
    edit: ['Time for an answer', '2500', { query_timeout_ms: 2_500 }],
  };

/** Every type that there is. */
export const FORMS: Readonly<Record<string, FormOfType>> = {
  builtin: {
    card: 'Built-in credentials',
    fields: [['Look up by', 'client ID']],
    wrong: ['Time for one client', '0', 'At least 1.', '4000'],
    settings: { strategy: 'clientid', timeout_ms: 4_000 },
    secrets: [],
    edit: ['Look up by', 'username', { strategy: 'username' }],
  },
  x509: {
    card: 'Client certificate',
    fields: [['Match along the whole chain', true]],
    wrong: [
      'Certificates known to this authenticator alone, in JSON',
      JSON.stringify([{ name: 'Pumps', match: { cn_pattern: '(' } }]),
      'an RE2 expression',
      JSON.stringify(CERTIFICATES),
    ],
    settings: { match_chain: true, credentials: CERTIFICATES },
    secrets: [],
    edit: ['When the secret does not match', 'ask the next step', { on_mismatch: 'ignore' }],
  },
  scram: {
    card: 'SCRAM',
    fields: [['SCRAM-SHA-256', false]],
    wrong: ['Iterations told to unknown users', '4095', 'At least 4,096.', '8192'],
    settings: { mechanisms: ['SCRAM-SHA-512'], iterations: 8_192 },
    secrets: [],
    edit: ['Iterations told to unknown users', '16384', { iterations: 16_384 }],
  },
  jwt: {
    card: 'JSON Web Token',
    fields: [
      ['Token is in', 'username'],
      ['Secret', 'thirty-two bytes, and then some more'],
      ['Address of the key set', `http://${NOWHERE}/keys`],
      ['Headers for the key set', 'authorization = Bearer of-the-keys'],
      ['Fetch the key set every', '60'],
      ['HS256', true],
      ['EdDSA', true],
      ['Leeway of clocks', '5'],
      ['Claims that must hold', 'sub = ${clientid}\naud = broker'],
      ['Claim with rules', 'rules'],
      ['Superuser claim', 'admin'],
      ['Disconnect at expiry', false],
    ],
    wrong: ['Public keys', 'no key', 'public keys or certificates in PEM', PUBLIC_KEY],
    settings: {
      from: 'username',
      public_key: PUBLIC_KEY,
      jwks_url: `http://${NOWHERE}/keys`,
      jwks_refresh_seconds: 60,
      algorithms: ['HS256', 'EdDSA'],
      leeway_seconds: 5,
      verify_claims: { sub: '${clientid}', aud: 'broker' },
      acl_claim: 'rules',
      superuser_claim: 'admin',
      disconnect_at_expiry: false,
    },
    secrets: ['secret', 'jwks_headers'],
    edit: ['Leeway of clocks', '7', { leeway_seconds: 7 }],
  },
  http: {
    card: 'HTTP service',
    fields: [
      ['Method', 'get'],
      ['Headers', 'authorization = Bearer of-the-service'],
      ['How answers are read', 'EMQX 4.3: by the status'],
      ['Parameters', 'clientid = %c\nusername = %u'],
      ['What the client has not', 'left out'],
      ['Check the backend’s certificate', false],
      ['Connections', '8'],
    ],
    wrong: ['Address', 'ftp://127.0.0.1/auth', 'an http:// or https:// URL', `http://${NOWHERE}/auth`],
    settings: {
      url: `http://${NOWHERE}/auth`,
      method: 'get',
      contract: 'status',
      params: { clientid: '%c', username: '%u' },
      absent: 'omit',
      tls: { verify: false },
      pool_size: 8,
    },
    secrets: ['headers'],
    edit: ['When it could not find out', 'ask the next step', { on_error: 'ignore' }],
  },
  mysql: { ...SQL, card: 'MySQL or MariaDB' },
  postgresql: { ...SQL, card: 'PostgreSQL' },
  redis: {
    card: 'Redis',
    fields: [
      ['Mode', 'sentinel'],
      ['Servers', `${NOWHERE}\nsentinel.plant:26379`],
      ['Name of the master', 'plant'],
      ['Password of the sentinels', 'of-the-sentinels'],
      ['Database', '3'],
      ['Username', 'reader'],
      ['Password', 'of-the-store'],
      ['Superuser command', 'HGET mqtt_user:${username} is_superuser'],
      ['Rules command', 'HGETALL mqtt_acl:${username}'],
      ['Password hash', 'sha256,salt'],
    ],
    wrong: ['Command', 'FLUSHALL', 'GET key, or HGET key field', 'HMGET device:${username} password salt'],
    settings: {
      mode: 'sentinel',
      servers: [NOWHERE, 'sentinel.plant:26379'],
      sentinel: 'plant',
      database: 3,
      username: 'reader',
      command: 'HMGET device:${username} password salt',
      super_command: 'HGET mqtt_user:${username} is_superuser',
      acl_command: 'HGETALL mqtt_acl:${username}',
      password_hash: 'sha256,salt',
    },
    secrets: ['sentinel_password', 'password'],
    edit: ['Name of the master', 'plant-2', { sentinel: 'plant-2' }],
  },
  mongodb: {
    card: 'MongoDB',
    fields: [
      ['Mode', 'rs'],
      ['Servers', `${NOWHERE}\n127.0.0.1:2`],
      ['Replica set', 'plant'],
      ['Members that are asked', 'nearest'],
      ['Database', 'plant'],
      ['Database of the account', 'admin'],
      ['Username', 'reader'],
      ['Password', 'of-the-documents'],
      ['Collection', 'device'],
      ['Salt field', 'salt'],
      ['Superuser field', 'is_superuser'],
      ['Rules collection', 'rule'],
      ['Rules selector', 'username=${username}\nclientid=${clientid}'],
      ['Password hash', 'salt,sha256'],
    ],
    wrong: ['Selector', 'name', '`field=${clientid}`', 'name=${username}'],
    settings: {
      mode: 'rs',
      servers: [NOWHERE, '127.0.0.1:2'],
      replica_set: 'plant',
      read_preference: 'nearest',
      database: 'plant',
      auth_source: 'admin',
      username: 'reader',
      collection: 'device',
      selector: 'name=${username}',
      salt_field: 'salt',
      superuser_field: 'is_superuser',
      acl_collection: 'rule',
      acl_selector: ['username=${username}', 'clientid=${clientid}'],
      password_hash: 'salt,sha256',
    },
    secrets: ['password'],
    edit: ['Password field', 'secret', { password_field: 'secret' }],
  },
  ldap: {
    card: 'LDAP directory',
    fields: [
      ['Servers', NOWHERE],
      ['Account that searches', 'cn=reader,dc=plant'],
      ['Its password', 'of-the-directory'],
      ['Search base', 'ou=devices,dc=plant'],
      ['Depth', 'one'],
      ['Object class', 'device'],
      ['Speak TLS', true],
      ['STARTTLS', true],
      ['Log in as the user', true],
      ['Enabled attribute', 'inUse'],
    ],
    wrong: ['Filter', '(uid=${username}', 'a filter as RFC 4515 writes it', '(uid=${username})'],
    settings: {
      servers: [NOWHERE],
      bind_dn: 'cn=reader,dc=plant',
      base_dn: 'ou=devices,dc=plant',
      scope: 'one',
      object_class: 'device',
      filter: '(uid=${username})',
      tls: { enabled: true },
      start_tls: true,
      bind_as_user: true,
      enabled_attribute: 'inUse',
    },
    secrets: ['bind_password'],
    edit: ['Depth', 'base', { scope: 'base' }],
  },
  psk: {
    card: 'Pre-shared key (PSK)',
    fields: [['Its clients have rules of their own', true]],
    wrong: ['Topic filter', 'meters/#/all', 'a topic filter', 'meters/%u/#'],
    settings: { rules: [{ permission: 'allow', action: 'all', topic: 'meters/%u/#' }] },
    secrets: [],
    edit: ['Time for one client', '3000', { timeout_ms: 3_000 }],
  },
};
