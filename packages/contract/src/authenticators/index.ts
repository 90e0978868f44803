export { builtinSettings, type BuiltinSettings } from './builtin.ts';
export { backendShape, backendTls, passwordHash, pem, secretText, stepShape } from './common.ts';
export { mongodbSettings, type MongodbSettings } from './mongodb.ts';
export { mysqlSettings, type MysqlSettings } from './mysql.ts';
export { postgresqlSettings, type PostgresqlSettings } from './postgresql.ts';
export { redisSettings, type RedisSettings } from './redis.ts';
