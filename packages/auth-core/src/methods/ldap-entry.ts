import type { AclAction, AclRule } from '../acl/rule.ts';
import type { LdapEntry } from './ldap-directory.ts';

/** Names of the attributes that are read; empty where an entry has none such. */
export interface LdapAttributes {
  /** Stored passwords, `{SCHEME}…` each. */
  readonly password: string;
  /** `TRUE` or `FALSE`; absent counts as enabled. */
  readonly enabled: string;
  /** Topic filters that the client may publish to. */
  readonly publish: string;
  /** Topic filters that the client may subscribe to. */
  readonly subscribe: string;
  /** Topic filters for both. */
  readonly publishAndSubscribe: string;
}

/** Stored passwords of one entry that are tried; an entry with more is damaged, or is no device's. */
const PASSWORDS_MAX = 8;

/** Rules of one entry beyond this number are an answer that cannot be used. */
export const LDAP_RULES_MAX = 1_000;

/** The values of an attribute; none where it is not asked for. */
const valuesOf = (entry: LdapEntry, name: string): readonly string[] =>
  name === '' ? [] : (entry.attributes.get(name.toLowerCase()) ?? []);

/** The attributes that are asked for: all that have a name. */
export const attributesToRead = ({
  password,
  enabled,
  publish,
  subscribe,
  publishAndSubscribe,
}: LdapAttributes): readonly string[] =>
  [password, enabled, publish, subscribe, publishAndSubscribe].filter((name) => name !== '');

/** Anything but TRUE disables: what is not understood must not let anybody in. */
export const isDisabled = (entry: LdapEntry, { enabled }: LdapAttributes): boolean =>
  valuesOf(entry, enabled).some((value) => value.trim().toUpperCase() !== 'TRUE');

/** The stored passwords of an entry; more than a few are not looked at. */
export const storedPasswords = (entry: LdapEntry, { password }: LdapAttributes): readonly string[] =>
  valuesOf(entry, password).slice(0, PASSWORDS_MAX);

/** Schemes that are named in details; any other text between braces could be part of a password. */
const SCHEMES = new Set(
  'MD5 SMD5 SHA SSHA SHA256 SSHA256 SHA384 SSHA384 SHA512 SSHA512 CRYPT ARGON2 PBKDF2 CLEARTEXT'.split(' '),
);

/** Names the scheme of a stored password, without any part of what follows. */
export function schemeOf(stored: string): string {
  const scheme = /^\{([A-Za-z0-9]{1,16})\}/.exec(stored)?.[1]?.toUpperCase();
  if (scheme === undefined) return 'none';
  return SCHEMES.has(scheme) ? scheme : 'unknown';
}

/** Where its own scheme does not say how a password is stored, nothing else may: RFC 2307 makes it plain text. */
export const hasScheme = (stored: string): boolean => stored.startsWith('{');

/**
 * The rules of an entry: what its topic attributes allow, and nothing else. Undefined where it has none of them, and
 * `too-many` where it has more than `LDAP_RULES_MAX`.
 */
export function rulesOf(
  entry: LdapEntry,
  attributes: LdapAttributes,
): readonly AclRule[] | 'too-many' | undefined {
  const rules = [
    ...allowed('publish', valuesOf(entry, attributes.publish)),
    ...allowed('subscribe', valuesOf(entry, attributes.subscribe)),
    ...allowed('all', valuesOf(entry, attributes.publishAndSubscribe)),
  ];
  if (rules.length > LDAP_RULES_MAX) return 'too-many';
  return rules.length === 0 ? undefined : rules;
}

const allowed = (action: AclAction, topics: readonly string[]): readonly AclRule[] =>
  topics.map((topic) => ({ permission: 'allow', action, topic }));
