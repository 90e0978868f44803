import { createRedisBackend } from '../src/redis.ts';
import { describeWith, freePort } from './support/programs.ts';
import { REDIS, startRedis } from './support/redis-servers.ts';
import { tlsFiles, tlsTest } from './support/source-tls.ts';
import { ACCOUNT } from './support/world.ts';

describeWith('Redis (redis-server)', REDIS, 'redis over TLS', () => {
  tlsTest('redis', async () => {
    const files = tlsFiles();
    const port = await freePort();
    const { admin, stop } = await startRedis(undefined, [
      ...['--tls-port', String(port), '--tls-auth-clients', 'no'],
      ...[
        '--tls-cert-file',
        files.certFile,
        '--tls-key-file',
        files.keyFile,
        '--tls-ca-cert-file',
        files.caFile,
      ],
    ]);
    await admin.hset('mqtt_user:emqx', { password: 'public' });
    return {
      files,
      stop,
      backend: (tls) =>
        createRedisBackend({
          ...ACCOUNT,
          tls,
          mode: 'single',
          addresses: [{ host: '127.0.0.1', port }],
          sentinel: '',
          sentinelPassword: undefined,
          database: 0,
          command: 'HGET mqtt_user:%u password',
          superCommand: '',
          aclCommand: '',
        }),
    };
  });
});
