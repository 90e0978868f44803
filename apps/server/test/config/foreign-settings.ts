/** Names of one group of settings. */
const under = (prefix: string, names: string): readonly string[] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => `${prefix}${name}`);

const CLIENT_TLS = 'ssl ssl.cacertfile ssl.certfile ssl.keyfile ssl.verify ssl.server_name_indication';
const TLS_FILES = 'ssl.cacertfile ssl.certfile ssl.keyfile ssl.verify ssl.server_name_indication';
const SQL = `server pool username password database auth_query super_query acl_query password_hash ${CLIENT_TLS}`;

/** Every setting of EMQX 4.3 that concerns who may connect and what clients may do, by its configuration files. */
export const EMQX_KEYS: readonly string[] = [
  'allow_anonymous = true',
  'allow_anonymous = false',
  'allow_anonymous = false_quick_deny',
  ...under('acl_', 'nomatch file deny_action order cache_max_size cache_ttl'),
  'auth_order',
  'enable_acl_cache',
  'flapping_detect_policy',
  ...under(
    'zone.external.',
    'enable_acl enable_ban enable_flapping_detect acl_deny_action idle_timeout use_username_as_clientid mountpoint',
  ),
  'zone.internal.bypass_auth_plugins',
  ...under('mqtt.', 'max_packet_size max_clientid_len strict_mode'),
  'listener.tcp.external',
  'listener.ssl.external',
  ...under(
    'listener.tcp.external.',
    'acceptors max_connections max_conn_rate access.N zone proxy_protocol proxy_protocol_timeout peer_cert_as_username peer_cert_as_clientid',
  ),
  ...under(
    'listener.ssl.external.',
    `acceptors max_connections max_conn_rate access.N proxy_protocol proxy_protocol_timeout tls_versions handshake_timeout depth keyfile key_password
     certfile cacertfile dhfile verify fail_if_no_peer_cert ciphers psk_ciphers secure_renegotiate reuse_sessions
     honor_cipher_order peer_cert_as_username peer_cert_as_clientid`,
  ),
  ...under(
    'listener.ws.external.',
    'mqtt_path verify_protocol_header check_origin_enable check_origins allow_origin_absence',
  ),
  'psk.file.path',
  'psk.file.delimiter',
  'auth.mnesia.password_hash',
  ...under('auth.client.N.', 'clientid password'),
  ...under('auth.user.N.', 'username password'),
  ...under('auth.mysql.', `query_timeout ${SQL}`),
  ...under('auth.pgsql.', `encoding ssl.tls_versions ${SQL}`),
  ...under(
    'auth.redis.',
    `type server sentinel pool database password query_timeout auth_cmd super_cmd acl_cmd password_hash ${CLIENT_TLS}`,
  ),
  ...under(
    'auth.mongo.',
    `type rs_set_name server pool username login password auth_source database query_timeout w_mode r_mode
     super_query super_query.collection super_query.super_field super_query.selector acl_query acl_query.collection acl_query.selector acl_query.selector.N ${CLIENT_TLS}`,
  ),
  ...under('auth.mongo.auth_query.', 'collection password_field password_hash selector'),
  ...under(
    'auth.mongo.topology.',
    `pool_size max_overflow overflow_ttl overflow_check_period local_threshold_ms connect_timeout_ms socket_timeout_ms
     server_selection_timeout_ms wait_queue_timeout_ms heartbeat_frequency_ms min_heartbeat_frequency_ms`,
  ),
  ...under(
    'auth.ldap.',
    `servers port pool bind_dn bind_password timeout device_dn match_objectclass username.attributetype password.attributetype
     custom_base_dn filters.N.key filters.N.value filters.N.op bind_as_user ${CLIENT_TLS}`,
  ),
  ...['auth_req', 'super_req', 'acl_req'].flatMap((request) =>
    under(`auth.http.${request}.`, 'url method headers.NAME params'),
  ),
  ...under('auth.http.', `timeout connect_timeout pool_size enable_pipelining ${TLS_FILES}`),
  ...under(
    'auth.jwt.',
    'secret pubkey jwks jwks.refresh_interval from verify_claims verify_claims.NAME acl_claim_name',
  ),
];

/** What TBMQ gives a name: types of credentials, their fields, strategies, and settings. */
export const TBMQ_KEYS: readonly string[] = [
  ...under('', 'MQTT_BASIC X_509 SCRAM clientId userName password authRules'),
  ...under('', 'certCnPattern certCnIsRegex authRulesMapping DEVICE APPLICATION'),
  ...under('', 'CLIENT_ID USERNAME CLIENT_ID_AND_USERNAME success failure skipped'),
  'SECURITY_UNAUTH_CLIENTS_ENABLED',
  ...['INSERT', 'DELETE'].flatMap((what) =>
    under(`SQL_UNAUTHORIZED_CLIENT_${what}_`, 'BATCH_SIZE BATCH_MAX_DELAY_MS BATCH_THREADS'),
  ),
  'sql.ttl.unauthorized_client',
];

/** Why TBMQ refuses a client: the thirteen reasons that it documents, and those that it does not. */
export const TBMQ_REASONS: readonly string[] = [
  'Basic: no credentials found',
  'Basic: password does not match',
  'Basic: no password provided',
  'Basic: cannot parse basic credentials',
  'X.509: failed to get client certificate CN',
  'X.509: authentication failure',
  'X.509: peer identity not verified',
  'X.509: no certificates in chain',
  'X.509: failed to get certificate CN',
  'X.509: no authorization rules for CN',
  'X.509: SSL handler not constructed',
  'X.509: no matching X509 credentials found',
  'X.509: cannot parse SSL credentials',
  'TLS: certificate chain not trusted',
  'SCRAM: provider disabled',
  'SCRAM: method not set, or server not initialized',
  'SCRAM: method mismatch',
  'SCRAM: no authentication data',
  'SCRAM: first message not evaluated',
  'SCRAM: proof not verified, challenge not completed',
  'SCRAM: no server or wrong state at AUTH',
  'SCRAM: re-authentication failed',
  'JWT: no token',
  'JWT: cannot be parsed',
  'JWT: signature validation failed',
  'JWT: no matching key in JWKS',
  'JWT: expired',
  'JWT: not valid yet',
  'JWT: claims',
  'HTTP: denied',
  'HTTP: skipped',
  'HTTP: read timeout',
  'HTTP: client destroyed, other errors',
  'provider disabled',
  'blocked client',
];
