import {
  type AclRule,
  type Grant,
  type PskCredential,
  regrantBuiltin,
  regrantStored,
  saslprep,
  type ScramCredential,
  X509_SPECIFIC_FIRST,
  type X509Credential,
  x509KeyOf,
} from '@gatehouse/auth-core';
import type { tryAccessBody } from '@gatehouse/contract';
import type { TypedRecord, X509Record } from '@gatehouse/ports';
import type { z } from 'zod';
import type { House } from '../../house.ts';

type Question = z.output<typeof tryAccessBody>;

/** What a client that is not connected would have: by the stored credential that names it. */
export interface Own {
  readonly rules: readonly AclRule[];
  readonly superuser: boolean;
  readonly tags: readonly string[];
  readonly basis: 'credential' | 'nobody';
}

const NOBODY: Own = { rules: [], superuser: false, tags: [], basis: 'nobody' };

const ownOf = ({ rules, superuser, tags = [] }: Grant): Own => ({
  rules,
  superuser,
  tags,
  basis: 'credential',
});

/** By the credential of the asked type; one that is disabled or has expired gives nothing. */
export async function ownRules(house: House, question: Question): Promise<Own> {
  const { clientId, username, type } = question;
  if (type !== 'basic') return typedRules(house, question);
  const [found = []] = await house.store.credentials.lookup([{ username, clientId, strategy: 'both' }]);
  for (const { id: credentialId } of found) {
    const grant = regrantBuiltin(found, { credentialId, username, clientId }, house.clock.now());
    if (grant !== undefined) return ownOf(grant);
  }
  return NOBODY;
}

/** What a session has before its credential is asked what it gives. */
const baseGrant = (credentialId: string, commonName: string | undefined): Grant => ({
  principal: { namespace: 'builtin', subject: credentialId },
  superuser: false,
  rules: [],
  credentialId,
  ...(commonName === undefined ? {} : { commonName }),
  bindsClientId: false,
  expiresAt: undefined,
  rehash: false,
  anonymous: false,
});

type Typed = X509Credential | ScramCredential | PskCredential;

async function typedRules(house: House, question: Question): Promise<Own> {
  for (const credential of await typedCredentials(house, question)) {
    const grant = regrantStored(credential, baseGrant(credential.id, question.commonName), house.clock);
    if (grant !== undefined) return ownOf(grant);
  }
  return NOBODY;
}

/** Those that could admit it, best first, without what cannot be read. */
async function typedCredentials(house: House, question: Question): Promise<readonly Typed[]> {
  const { credentials } = house.store;
  const { type, username, pskIdentity } = question;
  const read = async (query: Parameters<typeof credentials.lookupTyped>[0][number]) =>
    (await credentials.lookupTyped([query])).flatMap(({ records }) => records);
  if (type === 'scram') {
    const name = saslprep(username ?? '') ?? '';
    return name === '' ? [] : (await read({ by: 'scram-username', username: name })).flatMap(byName);
  }
  if (type === 'psk') {
    return pskIdentity === undefined
      ? []
      : (await read({ by: 'psk-identity', identity: pskIdentity })).flatMap(byName);
  }
  const keys = certificateKeys(question);
  const records = [
    ...(keys.length === 0 ? [] : await read({ by: 'x509-keys', keys })),
    ...(await read({ by: 'x509-patterns' })),
  ];
  return records.flatMap((record) => matching(house, record, question)).toSorted(bySpecificity);
}

const byName = (record: TypedRecord): readonly Typed[] =>
  record.type === 'x509' || 'unparsable' in record.credential ? [] : [record.credential];

/** The names of a certificate that can be asked for by hand. */
const certificateKeys = ({ commonName, fingerprint }: Question): readonly string[] => [
  ...(fingerprint === undefined
    ? []
    : [x509KeyOf({ by: 'fingerprint', value: fingerprint.replaceAll(':', '').toLowerCase() })]),
  ...(commonName === undefined ? [] : [x509KeyOf({ by: 'cn', value: commonName })]),
];

function matching(
  { patterns }: House,
  record: TypedRecord,
  { commonName }: Question,
): readonly X509Credential[] {
  if (record.type !== 'x509' || 'unparsable' in record) return [];
  const tester = (pattern: string) => {
    const test = patterns.compile([pattern]);
    return (text: string): boolean => test(text) !== undefined;
  };
  const compiled = toCredential(record, tester);
  const isByPattern = compiled.match.by === 'cn_pattern';
  const fits = isByPattern && commonName !== undefined && tester(compiled.match.pattern)(commonName);
  return !isByPattern || fits ? [compiled] : [];
}

const toCredential = (
  { type: _type, match, rulesByCn, ...record }: X509Record,
  tester: (pattern: string) => (text: string) => boolean,
): X509Credential => ({
  ...record,
  isStored: true,
  match: match.by === 'cn_pattern' ? { ...match, test: tester(match.pattern) } : match,
  rulesByCn: rulesByCn?.map(({ pattern, rules }) => ({ pattern, rules, test: tester(pattern) })),
});

const bySpecificity = ({ match: a }: X509Credential, { match: b }: X509Credential): number =>
  X509_SPECIFIC_FIRST.indexOf(a.by) - X509_SPECIFIC_FIRST.indexOf(b.by);
