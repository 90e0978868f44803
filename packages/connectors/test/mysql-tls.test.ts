import { createMysqlBackend } from '../src/mysql.ts';
import { MARIADB, startMariaDb } from './support/mariadb.ts';
import { describeWith } from './support/programs.ts';
import { tlsFiles, tlsTest } from './support/source-tls.ts';
import { ACCOUNT } from './support/world.ts';

describeWith('MariaDB (mariadb-server)', MARIADB, 'mysql over TLS', () => {
  tlsTest('mysql', async () => {
    const files = tlsFiles();
    const { port, admin, stop } = await startMariaDb([
      `--ssl-cert=${files.certFile}`,
      `--ssl-key=${files.keyFile}`,
      `--ssl-ca=${files.caFile}`,
    ]);
    await admin.query(
      `create table mqtt_user (username varchar(20), password varchar(20)); insert into mqtt_user values ('emqx', 'public');
       alter user gatehouse@'%' require ssl`,
    );
    return {
      files,
      stop,
      backend: (tls) =>
        createMysqlBackend({
          ...ACCOUNT,
          tls,
          address: { host: '127.0.0.1', port },
          database: 'mqtt',
          query: "select password from mqtt_user where username = '%u'",
          superQuery: '',
          aclQuery: '',
        }),
    };
  });
});
