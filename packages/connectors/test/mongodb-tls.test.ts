import { describe } from 'vitest';
import { createMongodbBackend } from '../src/mongodb.ts';
import { startMongoWire } from './support/mongo-wire.ts';
import { tlsFiles, tlsTest } from './support/source-tls.ts';
import { ACCOUNT } from './support/world.ts';

describe('mongodb over TLS, to the wire server of these tests', () => {
  tlsTest('mongodb', async () => {
    const files = tlsFiles();
    const server = await startMongoWire({
      documents: { mqtt_user: [{ username: 'emqx', password: 'public' }] },
      tls: { key: files.key, cert: files.cert },
    });
    return {
      files,
      stop: server.close,
      backend: (tls) =>
        createMongodbBackend({
          ...ACCOUNT,
          username: '',
          tls,
          mode: 'single',
          addresses: [{ host: '127.0.0.1', port: server.port }],
          replicaSet: '',
          readPreference: 'primaryPreferred',
          database: 'mqtt',
          authSource: '',
          collection: 'mqtt_user',
          selector: 'username=%u',
          passwordField: 'password',
          saltField: '',
          superuserField: '',
          superuserCollection: '',
          superuserSelector: 'username=%u',
          aclCollection: '',
          aclSelectors: ['username=%u'],
        }),
    };
  });
});
