import { z } from 'zod';
import { backendShape, passwordHash, secretText, stepShape } from './common.ts';
import { connectionShape, serverAddresses, template } from './source.ts';

const SELECTOR_CHARS_MAX = 8_192;
const SELECTORS_MAX = 8;

const field = (doc: string, fallback: string) =>
  z
    .string()
    .min(fallback === '' ? 0 : 1)
    .max(128)
    .regex(/^(?!\$)[^\0]*$/, { error: 'the name of a field, which does not begin with "$"' })
    .default(fallback)
    .describe(doc);

const collection = (doc: string, fallback: string) =>
  z
    .string()
    .min(fallback === '' ? 0 : 1)
    .max(120)
    .default(fallback)
    .describe(doc);

/** Settings of an authenticator of type `mongodb`: a single server, a replica set, or a sharded cluster. */
export const mongodbSettings = z
  .strictObject({
    type: z.literal('mongodb'),
    ...stepShape,
    ...backendShape,
    ...connectionShape,
    mode: z
      .enum(['single', 'rs', 'sharded'])
      .default('single')
      .describe('One server; the members of a replica set; or the routers (`mongos`) of a cluster.'),
    servers: serverAddresses('127.0.0.1:27017'),
    replica_set: z.string().max(128).default('').describe('Name of the replica set; `mode: rs` needs it.'),
    read_preference: z
      .enum(['primary', 'primaryPreferred', 'secondary', 'secondaryPreferred', 'nearest'])
      .default('primaryPreferred')
      .describe('Which members of a replica set are asked.'),
    database: z.string().min(1).max(64).default('mqtt').describe('Database.'),
    auth_source: z
      .string()
      .max(64)
      .default('')
      .describe('Database that knows the account. Empty: `database`.'),
    username: z.string().max(128).default('').describe('Account. Empty: none.'),
    password: secretText('Its password.').default(''),
    collection: collection('Collection of the records.', 'mqtt_user'),
    selector: template(
      'Finds the record: `field=value` with commas between, all of which must fit. A value is one placeholder, or a literal.',
      'username=${username}',
    ),
    password_field: field('Field of the stored password.', 'password'),
    salt_field: field('Field of the salt. Empty: none.', ''),
    superuser_field: field('Field that is true (or 1) for a superuser. Empty: nobody is.', ''),
    superuser_collection: collection(
      'Collection in which that field is looked for. Empty: in the record itself.',
      '',
    ),
    superuser_selector: template('Finds the document there, as `selector` does.', 'username=${username}'),
    acl_collection: collection('Collection of the rules. Empty: the rules of a new credential.', ''),
    acl_selector: z
      .preprocess(
        (value) => (typeof value === 'string' ? [value] : value),
        z.array(z.string().min(1).max(SELECTOR_CHARS_MAX)).min(1).max(SELECTORS_MAX),
      )
      .prefault(['username=${username}'])
      .describe(
        'Finds the documents with the lists `publish`, `subscribe` and `pubsub` of topic filters; several are asked one after the other.',
      ),
    password_hash: passwordHash('sha256'),
  })
  .refine(({ mode, replica_set }) => mode !== 'rs' || replica_set !== '', {
    path: ['replica_set'],
    error: 'the name of the replica set, which mode "rs" needs',
  })
  .refine(
    ({ superuser_collection, superuser_field }) => superuser_collection === '' || superuser_field !== '',
    { path: ['superuser_field'], error: 'the name of the field to look for in `superuser_collection`' },
  )
  .refine(({ mode, servers }) => mode !== 'single' || servers.length === 1, {
    path: ['servers'],
    error: 'one server, or mode "rs" or "sharded"',
  });
export type MongodbSettings = z.output<typeof mongodbSettings>;
