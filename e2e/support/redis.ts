import { freePort } from '../../packages/connectors/test/support/programs.ts';
import { startRedis, type RedisServer } from '../../packages/connectors/test/support/redis-servers.ts';

/** Known before anything listens on it, so that scenarios with the same settings share one server. */
const port = await freePort();

/** Settings of a server whose clients are known by a Redis alone; the breaker stays out of the scenarios' way. */
export const redisSettings = (passwordHash: string): readonly string[] => {
  const authenticator = {
    type: 'redis',
    servers: [`127.0.0.1:${String(port)}`],
    command: 'HMGET mqtt_user:%u password salt',
    password_hash: passwordHash,
    query_timeout_ms: 1_000,
    breaker_failures: 0,
  };
  return [`auth.authenticators.devices=${JSON.stringify(authenticator)}`, 'auth.chains.default=["devices"]'];
};

/** Runs something while that Redis runs. */
export async function withRedis<T>(run: (redis: RedisServer) => Promise<T>): Promise<T> {
  const redis = await startRedis(port);
  try {
    return await run(redis);
  } finally {
    await redis.stop();
  }
}
