import { createMongodbBackend, parseMongoSelector, sourceAddressOf } from '@gatehouse/connectors';
import { mongodbSettings, type MongodbSettings } from '@gatehouse/contract/authenticators';
import type { AuthenticatorKind } from './kind.ts';
import { runSource, sourceProblems } from './source.ts';

const PORT = 27_017;

/** MongoDB: a server, a replica set, or a sharded cluster. */
export const mongodbKind: AuthenticatorKind<MongodbSettings> = {
  settings: mongodbSettings,
  problems: (settings) => {
    const selectors = settings.acl_collection === '' ? [] : settings.acl_selector;
    return sourceProblems(settings, {
      selector: parseMongoSelector(settings.selector),
      ...(settings.superuser_collection !== '' && {
        superuser_selector: parseMongoSelector(settings.superuser_selector),
      }),
      ...Object.fromEntries(
        selectors.map((text, at) => [`acl_selector.${String(at)}`, parseMongoSelector(text)] as const),
      ),
    });
  },
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
        superuserCollection: settings.superuser_collection,
        superuserSelector: settings.superuser_selector,
        aclCollection: settings.acl_collection,
        aclSelectors: settings.acl_selector,
      }),
    ),
};
