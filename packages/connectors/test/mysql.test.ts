import type { RowDataPacket } from 'mysql2/promise';
import { createMysqlBackend } from '../src/mysql.ts';
import { describeWith } from './support/programs.ts';
import { MARIADB, startMariaDb } from './support/mariadb.ts';
import { sqlSuite } from './support/sql-suite.ts';

describeWith('MariaDB (mariadb-server)', MARIADB, 'mysql over a real MariaDB', () => {
  sqlSuite(async () => {
    const { port, admin, stop } = await startMariaDb();
    return {
      subject: {
        type: 'mysql',
        port,
        sql: async (text) => {
          const [rows] = await admin.query<RowDataPacket[]>(text);
          return rows;
        },
        slow: 'select sleep(10) as password',
        backend: ({ port: at, ...options }) =>
          createMysqlBackend({ ...options, address: { host: '127.0.0.1', port: at }, database: 'mqtt' }),
      },
      close: stop,
    };
  });
});
