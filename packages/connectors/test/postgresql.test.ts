import { createPostgresqlBackend } from '../src/postgresql.ts';
import { POSTGRES, startPostgres } from './support/postgres.ts';
import { describeWith } from './support/programs.ts';
import { sqlSuite } from './support/sql-suite.ts';

describeWith('PostgreSQL (postgresql)', POSTGRES, 'postgresql over a real server', () => {
  sqlSuite(async () => {
    const { port, admin, stop } = await startPostgres();
    return {
      subject: {
        type: 'postgresql',
        port,
        sql: async (text) => (await admin.query<Readonly<Record<string, unknown>>>(text)).rows,
        slow: 'select pg_sleep(10)::text as password',
        backend: ({ port: at, ...options }) =>
          createPostgresqlBackend({ ...options, address: { host: '127.0.0.1', port: at }, database: 'mqtt' }),
      },
      close: stop,
    };
  });
});
