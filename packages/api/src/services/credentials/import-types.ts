import {
  type BlockPatterns,
  readScramKeys,
  saslprep,
  x509KeyOf,
  type X509MatchValue,
} from '@gatehouse/auth-core';
import { fieldProblems, IMPORT_MATCH_FIELDS, type importRow } from '@gatehouse/contract';
import type { CredentialFacts, CredentialFactsWrite, CredentialType, X509Facts } from '@gatehouse/ports';
import type { z } from 'zod';
import { defined } from '../../present/defined.ts';
import { hasTopicFilter, NO_TOPIC_FILTER } from './rule-topics.ts';
import { cnRulesOf, normalMatch } from './typed-input.ts';

export type ImportRow = z.output<typeof importRow>;

interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

export const typeOf = ({ type }: ImportRow): CredentialType => type ?? 'basic';

/** What a row of an X.509 credential matches; undefined unless it is exactly one thing. */
function matchOfRow(row: ImportRow): X509MatchValue | undefined {
  const { cn, cn_pattern: pattern, fingerprint, issuer, serial } = row;
  const san = (['dns', 'uri', 'email'] as const).flatMap((kind): X509MatchValue[] => {
    const value = row[`san_${kind}`];
    return value === undefined ? [] : [{ by: 'san', kind, value }];
  });
  const all: readonly X509MatchValue[] = [
    ...(cn === undefined ? [] : [{ by: 'cn', value: cn } as const]),
    ...(pattern === undefined ? [] : [{ by: 'cn_pattern', pattern } as const]),
    ...san,
    ...(fingerprint === undefined ? [] : [{ by: 'fingerprint', value: fingerprint } as const]),
    ...(issuer === undefined || serial === undefined
      ? []
      : [{ by: 'issuer_serial', issuer, serial } as const]),
  ];
  const [only, ...others] = all;
  const isHalf = (issuer === undefined) !== (serial === undefined);
  return only === undefined || others.length > 0 || isHalf ? undefined : normalMatch(only);
}

/** What the row says beyond what all types have, over what is there; it has been found good. */
export function factsOfRow(row: ImportRow, before?: CredentialFacts): CredentialFactsWrite {
  switch (typeOf(row)) {
    case 'basic':
      return { type: 'basic' };
    case 'scram':
      return { type: 'scram' };
    case 'psk':
      return { type: 'psk', identity: row.identity ?? '' };
    case 'x509':
      return x509OfRow(row, before?.type === 'x509' ? before : undefined);
  }
}

const x509OfRow = (row: ImportRow, before: X509Facts | undefined): X509Facts => ({
  type: 'x509',
  match: matchOfRow(row) ?? null,
  rulesByCn: row.rules_by_cn === undefined ? (before?.rulesByCn ?? null) : cnRulesOf(row.rules_by_cn),
  skipValidity: row.skip_validity ?? before?.skipValidity ?? false,
});

/** The username as its type compares it; null where it has none. */
export function usernameOfRow(row: ImportRow): string | null {
  if (row.username === undefined) return null;
  return typeOf(row) === 'scram' ? (saslprep(row.username) ?? null) : row.username;
}

/** What tells rows of one file apart. */
export function identityOfRow(row: ImportRow): string {
  const type = typeOf(row);
  const match = type === 'x509' ? matchOfRow(row) : undefined;
  const name = type === 'basic' ? [row.username ?? null, row.client_id ?? null] : usernameOfRow(row);
  return JSON.stringify([type, match === undefined ? (row.identity ?? name) : x509KeyOf(match)]);
}

/** The field that a row is known by, for what is said about its identity. */
export const identityField = (row: ImportRow): string => {
  const type = typeOf(row);
  if (type === 'psk') return 'identity';
  return type === 'x509'
    ? (IMPORT_MATCH_FIELDS.find((field) => row[field] !== undefined) ?? 'cn')
    : 'username';
};

/** Name of a row that gives none. */
export const nameOfRow = (row: ImportRow): string =>
  row.name ??
  row.username ??
  row.client_id ??
  row.identity ??
  IMPORT_MATCH_FIELDS.map((field) => row[field]).find((value) => value !== undefined) ??
  '';

/** What of a row does not fit its type. */
export function typeProblems(row: ImportRow, patterns: Pick<BlockPatterns, 'problem'>): FieldProblem[] {
  const type = typeOf(row);
  return [
    ...fieldProblems(type, row),
    ...usernameProblems(row),
    ...scramProblems(row),
    ...(type === 'x509' ? x509Problems(row, patterns) : []),
  ];
}

const usernameProblems = (row: ImportRow): FieldProblem[] =>
  typeOf(row) === 'scram' && row.username !== undefined && (saslprep(row.username) ?? '') === ''
    ? [{ field: 'username', message: 'holds characters that SASLprep forbids (RFC 4013), or nothing else' }]
    : [];

/** Keys of another system as they are stored here; undefined where the row has none. */
export const scramKeysOfRow = ({ scram_keys: keys }: ImportRow): string | undefined =>
  keys === undefined ? undefined : JSON.stringify(keys);

function scramProblems(row: ImportRow): FieldProblem[] {
  const stored = scramKeysOfRow(row);
  if (stored === undefined) return [];
  const field = 'scram_keys';
  if (row.password !== undefined) return [{ field, message: 'give password or scram_keys, not both' }];
  const keys = readScramKeys(stored);
  if ('unparsable' in keys) return [{ field, message: keys.unparsable }];
  return Object.keys(keys).length === 0 ? [{ field, message: 'has no keys' }] : [];
}

function x509Problems(row: ImportRow, patterns: Pick<BlockPatterns, 'problem'>): FieldProblem[] {
  const patternProblem = (pattern: string | undefined, field: string): FieldProblem[] => {
    const message = pattern === undefined ? undefined : patterns.problem(pattern);
    return message === undefined ? [] : [{ field, message }];
  };
  const isDigest = /^[0-9a-f]{64}$/i.test((row.fingerprint ?? '').replaceAll(':', ''));
  const isSerial = /^[0-9a-f]{1,64}$/i.test(row.serial ?? '');
  return [
    ...patternProblem(row.cn_pattern, 'cn_pattern'),
    ...(row.fingerprint === undefined || isDigest
      ? []
      : [{ field: 'fingerprint', message: 'is no SHA-256: 64 hexadecimal digits' }]),
    ...(row.serial === undefined || isSerial
      ? []
      : [{ field: 'serial', message: 'is no serial number in hexadecimal' }]),
    ...(row.rules_by_cn ?? []).flatMap(({ pattern, rules }, index) => [
      ...patternProblem(pattern, `rules_by_cn.${index}.pattern`),
      ...rules
        .filter((rule) => !hasTopicFilter(defined(rule)))
        .map(({ topic }) => ({ field: `rules_by_cn.${index}`, message: `"${topic}" ${NO_TOPIC_FILTER}` })),
    ]),
  ];
}
