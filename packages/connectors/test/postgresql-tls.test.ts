import { createPostgresqlBackend } from '../src/postgresql.ts';
import { POSTGRES, startPostgres } from './support/postgres.ts';
import { describeWith } from './support/programs.ts';
import { tlsFiles, tlsTest } from './support/source-tls.ts';
import { ACCOUNT } from './support/world.ts';

describeWith('PostgreSQL (postgresql)', POSTGRES, 'postgresql over TLS', () => {
  tlsTest('postgresql', async () => {
    const files = tlsFiles();
    const { port, admin, stop } = await startPostgres(
      ['ssl=on', 'ssl_cert_file=tls.crt', 'ssl_key_file=tls.key'],
      { 'tls.crt': files.cert, 'tls.key': files.key },
    );
    await admin.query('create table mqtt_user (username text, password text)');
    await admin.query("insert into mqtt_user values ('emqx', 'public')");
    return {
      files,
      stop,
      backend: (tls) =>
        createPostgresqlBackend({
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
