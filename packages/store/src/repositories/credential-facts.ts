import { createHash } from 'node:crypto';
import { readScramKeys, X509_PATTERN_KEY, x509KeyOf, type X509MatchValue } from '@gatehouse/auth-core';
import type { CnRules, CredentialFacts, CredentialFactsWrite, X509Facts } from '@gatehouse/ports';
import { json, storable } from '../sql.ts';
import { type Parsed, parseRules } from './stored-rules.ts';

/** Bytes of an identity that are kept as they are: an index entry of PostgreSQL has to fit into a third of a page. */
const IDENTITY_BYTES_MAX = 1_024;

/** What a record says of its type. */
export interface FactColumns {
  readonly type: string;
  readonly identity: string | null;
  readonly facts: string;
}

/** The columns of what is written; `username` is the one that the credential has from then on. */
export function factColumns(facts: CredentialFactsWrite, username: string | null): FactColumns {
  switch (facts.type) {
    case 'basic':
      return { type: 'basic', identity: null, facts: '{}' };
    case 'x509': {
      const { match, rulesByCn, skipValidity } = facts;
      const identity = match === null ? null : x509Identity(x509KeyOf(match));
      return { type: 'x509', identity, facts: json({ match, rulesByCn, skipValidity }) };
    }
    case 'scram':
      return { type: 'scram', identity: username === null ? null : storedIdentity(username), facts: '{}' };
    case 'psk':
      return { type: 'psk', identity: storedIdentity(facts.identity), facts: '{}' };
  }
}

/**
 * The identity of the key of an X.509 match: itself, or its digest where it is long. A pattern keeps what tells it from
 * the others.
 */
export const x509Identity = (key: string): string =>
  key.startsWith(X509_PATTERN_KEY)
    ? X509_PATTERN_KEY + storedIdentity(key.slice(X509_PATTERN_KEY.length))
    : storedIdentity(key);

/** An identity as it is stored. No text that a database changes is that of another: it is stored by its digest. */
export function storedIdentity(identity: string): string {
  const isKept = Buffer.byteLength(identity) <= IDENTITY_BYTES_MAX && storable(identity) === identity;
  return isKept ? identity : `sha256:${createHash('sha256').update(identity, 'utf16le').digest('hex')}`;
}

/** What a record says, or in words why it cannot be read; then with as much as there is. */
export function readFacts(
  { type, identity, facts }: FactColumns,
  secretHash: string | null,
): { readonly facts: CredentialFacts; readonly problem: string | null } {
  switch (type) {
    case 'basic':
      return { facts: { type }, problem: null };
    case 'x509': {
      const read = readX509(facts);
      return read.value === null
        ? { facts: { type, match: null, rulesByCn: null, skipValidity: false }, problem: read.problem }
        : { facts: read.value, problem: null };
    }
    case 'scram':
      return readScram(secretHash);
    case 'psk':
      return { facts: { type, identity: identity ?? '' }, problem: null };
    default:
      return { facts: { type: 'basic' }, problem: 'its type is unknown' };
  }
}

function readScram(secretHash: string | null): ReturnType<typeof readFacts> {
  const none: CredentialFacts = { type: 'scram', mechanisms: [], iterations: null };
  if (secretHash === null) return { facts: none, problem: null };
  const keys = readScramKeys(secretHash);
  if ('unparsable' in keys) return { facts: none, problem: keys.unparsable };
  const mechanisms = (['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const).filter((one) => keys[one] !== undefined);
  const [first] = mechanisms;
  const iterations = first === undefined ? null : (keys[first]?.iterations ?? null);
  return { facts: { type: 'scram', mechanisms, iterations }, problem: null };
}

const unreadable = (problem: string) => ({ value: null, problem }) as const;

/** What only X.509 credentials have; one field that is not what it must be makes all of it unreadable. */
export function readX509(text: string): Parsed<X509Facts & { readonly match: X509MatchValue }> {
  const stored = objectOf(text);
  if (stored === undefined) return unreadable('what it matches is not JSON');
  const match = readMatch(stored['match']);
  if (match === undefined) return unreadable('what it matches cannot be read');
  const { rulesByCn, skipValidity } = stored;
  if (typeof skipValidity !== 'boolean') return unreadable('`skipValidity` is neither true nor false');
  if (rulesByCn === null) return { value: { type: 'x509', match, rulesByCn, skipValidity }, problem: null };
  if (!Array.isArray(rulesByCn)) return unreadable('the rules by common name are no list');
  const entries: CnRules[] = [];
  for (const one of rulesByCn as readonly unknown[]) {
    const entry = readCnRules(one);
    if (entry === undefined) return unreadable('an entry of the rules by common name cannot be read');
    entries.push(entry);
  }
  return { value: { type: 'x509', match, rulesByCn: entries, skipValidity }, problem: null };
}

function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return recordOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;

function readCnRules(value: unknown): CnRules | undefined {
  const entry = recordOf(value);
  const pattern = entry?.['pattern'];
  if (typeof pattern !== 'string') return undefined;
  const rules = parseRules(JSON.stringify(entry?.['rules'] ?? null));
  return rules.value === null ? undefined : { pattern, rules: rules.value };
}

function readMatch(value: unknown): X509MatchValue | undefined {
  const { by, ...rest } = recordOf(value) ?? {};
  const text = (name: string): string | undefined => {
    const found = rest[name];
    return typeof found === 'string' && found !== '' ? found : undefined;
  };
  const [plain, pattern, issuer, serial, kind] = ['value', 'pattern', 'issuer', 'serial', 'kind'].map(text);
  if (by === 'cn' || by === 'fingerprint') return plain === undefined ? undefined : { by, value: plain };
  if (by === 'cn_pattern') return pattern === undefined ? undefined : { by, pattern };
  if (by === 'issuer_serial') {
    return issuer === undefined || serial === undefined ? undefined : { by, issuer, serial };
  }
  const isKind = kind === 'dns' || kind === 'uri' || kind === 'email';
  return by === 'san' && isKind && plain !== undefined ? { by, kind, value: plain } : undefined;
}
