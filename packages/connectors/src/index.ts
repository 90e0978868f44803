export { createHttpService, type HttpServiceOptions, type RunningHttpService } from './http.ts';
export { Jwks, JWKS_BYTES_MAX, JWKS_FETCH_MS_MAX, type JwksState } from './jwks.ts';
export { JWT_ALGORITHMS, type JwtAlgorithm } from './jwt-algorithms.ts';
export { publicKeys, SECRET_BYTES_MIN, secretKey, type VerificationKey } from './jwt-keys.ts';
export { createTokenVerifier, type TokenVerifierOptions } from './jwt.ts';
export { createOidc, type OidcOptions } from './oidc.ts';
export { createOutboundClient, type OutboundClient, type OutboundClientOptions } from './outbound-client.ts';
export { readPem, readTls, type TlsReading, type TlsSettings } from './outbound-tls.ts';
export {
  createOutboundPolicy,
  type OutboundOptions,
  type OutboundPolicy,
  type Resolver,
} from './outbound.ts';
export {
  createLdapDirectory,
  ldapFilterProblem,
  type LdapDirectoryOptions,
  type RunningLdapDirectory,
} from './ldap.ts';
export { createMysqlBackend, type MysqlOptions } from './mysql.ts';
export { createPostgresqlBackend, type PostgresqlOptions } from './postgresql.ts';
export {
  sourceAddressOf,
  type SourceBackend,
  type SourceConnection,
  type SourcePool,
  type SourceProbe,
  type SourceTls,
} from './source-backend.ts';
export type { TemplateProblem } from './source-placeholders.ts';
export { parseSqlTemplate, type SqlDialect } from './source-sql-template.ts';
export { createMongodbBackend, type MongodbOptions } from './mongodb.ts';
export { parseMongoSelector } from './mongodb-selector.ts';
export { createRedisBackend, type RedisOptions } from './redis.ts';
export { parseRedisCommand, type RedisPurpose } from './redis-command.ts';
