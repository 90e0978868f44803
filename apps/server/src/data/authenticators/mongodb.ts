import { createMongodbBackend, parseMongoSelector, sourceAddressOf } from '@gatehouse/connectors';
import { mongodbSettings, type MongodbSettings } from '@gatehouse/contract';
import type { AuthenticatorKind } from './kind.ts';
import { parsedIf, runSource, sourceProblems } from './source.ts';

const PORT = 27_017;

/** MongoDB: a server, a replica set, or a sharded cluster. */
export const mongodbKind: AuthenticatorKind<MongodbSettings> = {
  settings: mongodbSettings,
  problems: (settings) =>
    sourceProblems(settings, {
      selector: parseMongoSelector(settings.selector),
      acl_selector: parsedIf(settings.acl_collection === '' ? '' : settings.acl_selector, parseMongoSelector),
    }),
  create: (name, settings, needs) =>
    runSource(name, settings, needs, (connection) =>
      createMongodbBackend({
        ...connection,
        mode: settings.mode,
        addresses: settings.servers.map((server) => sourceAddressOf(server, PORT)),
        replicaSet: settings.replica_set,
        readPreference: settings.read_preference,
        database: settings.database,
        authSource: settings.auth_source,
        collection: settings.collection,
        selector: settings.selector,
        passwordField: settings.password_field,
        saltField: settings.salt_field,
        superuserField: settings.superuser_field,
        aclCollection: settings.acl_collection,
        aclSelector: settings.acl_selector,
      }),
    ),
};
