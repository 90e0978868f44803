import { createHash } from 'node:crypto';
import {
  type ChainCertificate,
  createX509List,
  type FoundX509,
  type PskCredential,
  type PskCredentials,
  type ScramCredential,
  type ScramCredentials,
  type X509Credential,
  type X509Credentials,
  X509_PATTERN_KEY,
  x509KeysOf,
} from '@gatehouse/auth-core';
import type {
  Clock,
  ControlEvent,
  ControlPlane,
  MaybePromise,
  TypedFound,
  TypedQuery,
  TypedRecord,
  X509Record,
} from '@gatehouse/ports';
import { wholeMatcher } from '../re2-patterns.ts';
import { BatchedCache } from './batched-cache.ts';

type Changes = Extract<ControlEvent, { readonly kind: 'credentials-changed' }>['changes'];

/** A credential that is not basic. */
type TypedCredential = X509Credential | ScramCredential | PskCredential;

/** The store's X.509, SCRAM and PSK credentials, from memory where they are there. */
export interface StoredCredentials {
  readonly x509: X509Credentials;
  readonly scram: ScramCredentials;
  readonly psk: PskCredentials;
  /** Whatever its type; undefined when it is not there, is basic, or cannot be read. */
  byId(id: string): MaybePromise<TypedCredential | undefined | 'unavailable'>;
  /** Voids what these changes touch, also what is on its way. */
  changed(changes: Changes): void;
  /** Voids everything, as `changed` does. */
  everythingChanged(): void;
}

export interface StoredCredentialsOptions {
  /** Asks the store, many at once, in the order asked. */
  readonly lookup: ControlPlane['lookupTyped'];
  readonly clock: Pick<Clock, 'monotonic'>;
  /** When the queries of a tick are sent; `setImmediate` unless told otherwise (tests). */
  readonly schedule?: (send: () => void) => void;
}

const TYPES = {
  'x509-keys': 'x509',
  'x509-patterns': 'x509',
  'scram-username': 'scram',
  'psk-identity': 'psk',
  id: '',
} as const;

/** Of a certificate's names only a digest: they are many, and a chain's names are long. */
function keyOf(query: TypedQuery): string {
  switch (query.by) {
    case 'x509-keys':
      return `x509 ${createHash('sha256').update(JSON.stringify(query.keys)).digest('base64')}`;
    case 'x509-patterns':
      return 'x509-patterns';
    case 'scram-username':
      return `scram ${query.username}`;
    case 'psk-identity':
      return `psk ${query.identity}`;
    case 'id':
      return `id ${query.id}`;
  }
}

/** A change voids all that is known of its type: a new credential may match what others match already. */
const tagsOf = (query: TypedQuery): readonly string[] => [
  query.by === 'id' ? `i${query.id}` : `t${TYPES[query.by]}`,
];

/** Makes the data plane's view of these credentials: bounded, batched per tick, never older than a change it was told of. */
export function createStoredCredentials(options: StoredCredentialsOptions): StoredCredentials {
  const cache = new BatchedCache<TypedQuery, TypedFound>({
    ask: options.lookup,
    keyOf,
    tagsOf,
    isHit: ({ records }) => records.length > 0,
    clock: options.clock,
    ...(options.schedule === undefined ? {} : { schedule: options.schedule }),
  });
  const first = async <T>(
    query: TypedQuery,
    read: (record: TypedRecord) => T | undefined,
  ): Promise<T | undefined | 'unavailable'> => {
    const found = await cache.find(query);
    if (found === 'unavailable') return found;
    const [record] = found.records;
    return record === undefined ? undefined : read(record);
  };
  return {
    x509: { find: (certificates) => findX509(cache, certificates) },
    scram: {
      find: (username) =>
        first({ by: 'scram-username', username }, (record) =>
          record.type === 'scram' ? record.credential : undefined,
        ),
    },
    psk: {
      find: (identity) =>
        first({ by: 'psk-identity', identity }, (record) =>
          record.type === 'psk' ? record.credential : undefined,
        ),
    },
    byId: (id) => first({ by: 'id', id }, credentialOf),
    changed: (changes) => {
      cache.voidTags(new Set(changes.flatMap(({ id, type }) => [`i${id}`, `t${type ?? 'basic'}`])));
    },
    everythingChanged: () => {
      cache.voidAll();
    },
  };
}

function credentialOf(record: TypedRecord): TypedCredential | undefined {
  if (record.type === 'x509') return 'unparsable' in record ? undefined : compiled(record);
  return 'unparsable' in record.credential ? undefined : record.credential;
}

const compiled = ({ type: _type, rulesByCn, match, ...record }: X509Record): X509Credential => ({
  ...record,
  isStored: true,
  match: match.by === 'cn_pattern' ? { ...match, test: wholeMatcher(match.pattern) } : match,
  rulesByCn: rulesByCn?.map(({ pattern, rules }) => ({ pattern, rules, test: wholeMatcher(pattern) })),
});

async function findX509(
  cache: BatchedCache<TypedQuery, TypedFound>,
  certificates: readonly ChainCertificate[],
): Promise<FoundX509 | 'unavailable'> {
  const keys = [...new Set(certificates.flatMap(x509KeysOf))];
  const [exact, patterns] = await Promise.all([
    cache.find({ by: 'x509-keys', keys }),
    cache.find({ by: 'x509-patterns' }),
  ]);
  if (exact === 'unavailable' || patterns === 'unavailable') return 'unavailable';
  const records = [...exact.records, ...patterns.records];
  const readable = records.flatMap((record) =>
    record.type === 'x509' && !('unparsable' in record) ? [compiled(record)] : [],
  );
  const unparsable = records.flatMap((record) =>
    record.type === 'x509' && 'unparsable' in record && mayBeAbout(record.key, certificates)
      ? [{ id: record.id, unparsable: record.unparsable }]
      : [],
  );
  const found = await createX509List(readable).find(certificates);
  if (found === 'unavailable') return found;
  const { isEmpty, byCommonName } = patterns.x509 ?? { isEmpty: readable.length === 0, byCommonName: true };
  return { ...found, unparsable, isEmpty, byCommonName };
}

/** A pattern that can still be read speaks for itself; one that was found by its exact key does anyway. */
const mayBeAbout = (key: string, certificates: readonly ChainCertificate[]): boolean =>
  !key.startsWith(X509_PATTERN_KEY) ||
  certificates.some(({ commonName }) =>
    commonName === undefined ? false : wholeMatcher(key.slice(X509_PATTERN_KEY.length))(commonName),
  );
