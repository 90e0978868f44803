import { describe } from 'vitest';
import { createMongodbBackend } from '../src/mongodb.ts';
import { mongodbOptions, startMongoWire } from './support/mongo-wire.ts';
import { tlsFiles, tlsTest } from './support/source-tls.ts';

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
      backend: (tls) => createMongodbBackend({ ...mongodbOptions(server.port), username: '', tls }),
    };
  });
});
