import { usernameOf } from '../anonymous.ts';
import type { Attempt } from '../attempt.ts';
import type { LdapQuestion } from './ldap-directory.ts';

/** What may stand in a base DN or a filter for something about the client. */
export type LdapPlaceholder = 'username' | 'clientid' | 'cn' | 'subject' | 'ip';

/** A text with places for values; made by `parseLdapTemplate`. */
export type LdapTemplate = readonly (string | { readonly placeholder: LdapPlaceholder })[];

/** How a client's entry is searched for. */
export interface LdapSearchForm {
  readonly base: LdapTemplate;
  readonly filter: LdapTemplate;
}

/** EMQX's short names beside our long ones. */
const NAMES: Readonly<Record<string, LdapPlaceholder>> = {
  '%u': 'username',
  '%c': 'clientid',
  '%C': 'cn',
  '%d': 'subject',
  '%a': 'ip',
  '${username}': 'username',
  '${clientid}': 'clientid',
  '${cn}': 'cn',
  '${subject}': 'subject',
  '${ip}': 'ip',
};

const PLACES = /(%[ucCda]|\$\{[^}]*\})/;

/** Longest value that is put into a question, in UTF-16 units: no name in a directory is longer. */
const VALUE_UNITS_MAX = 1_024;

/**
 * Reads a base DN or a filter with `${username}` `${clientid}` `${cn}` `${subject}` `${ip}`, or EMQX's `%u` `%c` `%C`
 * `%d` `%a`; `unknown` is a placeholder that is none of these.
 *
 * @example parseLdapTemplate('uid=${username},ou=device,dc=example')
 */
export function parseLdapTemplate(text: string): LdapTemplate | { readonly unknown: string } {
  const parts: (string | { readonly placeholder: LdapPlaceholder })[] = [];
  for (const part of text.split(PLACES)) {
    const placeholder = Object.hasOwn(NAMES, part) ? NAMES[part] : undefined;
    if (placeholder !== undefined) parts.push({ placeholder });
    else if (part.startsWith('${')) return { unknown: part };
    else if (part !== '') parts.push(part);
  }
  return parts;
}

/** What a template is made of, in its order. */
export const placeholdersOf = (template: LdapTemplate): readonly LdapPlaceholder[] =>
  template.flatMap((part) => (typeof part === 'string' ? [] : [part.placeholder]));

/** A template as it is shown: with its placeholders, never with values. */
export const shownTemplate = (template: LdapTemplate): string =>
  template.map((part) => (typeof part === 'string' ? part : `\${${part.placeholder}}`)).join('');

/**
 * The filter for an object class and a filter template, either of which may be empty: both must hold. Parentheses
 * around a template without any are added.
 */
export function filterOf(objectClass: string, filter: LdapTemplate): LdapTemplate {
  const [first] = filter;
  const isBare = typeof first !== 'string' || !first.startsWith('(');
  const own: LdapTemplate = filter.length === 0 ? [] : isBare ? ['(', ...filter, ')'] : filter;
  if (objectClass === '') return own.length === 0 ? ['(objectClass=*)'] : own;
  const ofClass = `(objectClass=${escapeFilterValue(objectClass)})`;
  return own.length === 0 ? [ofClass] : [`(&${ofClass}`, ...own, ')'];
}

/**
 * The question for one client, or why there is none: a placeholder whose value the client did not bring (empty counts
 * as none, and so does a client ID that the server made up), or one too long to be anybody's name.
 */
export function questionFor(
  { base, filter }: LdapSearchForm,
  attempt: Attempt,
): LdapQuestion | { readonly problem: string } {
  const values = valuesOf(attempt);
  for (const name of [...placeholdersOf(base), ...placeholdersOf(filter)]) {
    const value = values[name];
    if (value === '') return { problem: `the client has no ${WORDS[name]}` };
    if (value.length > VALUE_UNITS_MAX) {
      return { problem: `the client's ${WORDS[name]} is longer than ${VALUE_UNITS_MAX} characters` };
    }
  }
  return { base: filled(base, values, escapeDnValue), filter: filled(filter, values, escapeFilterValue) };
}

const WORDS: Readonly<Record<LdapPlaceholder, string>> = {
  username: 'username',
  clientid: 'client ID of its own',
  cn: 'certificate with a common name',
  subject: 'certificate',
  ip: 'address',
};

/** Empty where the client has none. */
type Values = Readonly<Record<LdapPlaceholder, string>>;

const valuesOf = (attempt: Attempt): Values => ({
  username: usernameOf(attempt) ?? '',
  clientid: attempt.clientIdAssigned ? '' : attempt.clientId,
  cn: attempt.tls?.certificate?.commonName ?? '',
  subject: attempt.tls?.certificate?.subject ?? '',
  ip: attempt.ip,
});

const filled = (template: LdapTemplate, values: Values, escape: (value: string) => string): string =>
  template.map((part) => (typeof part === 'string' ? part : escape(values[part.placeholder]))).join('');

const hexOf = (char: string): string => `\\${char.charCodeAt(0).toString(16).padStart(2, '0')}`;

/** An attribute value in a distinguished name (RFC 4514 §2.4): it can end neither its value nor the name. */
export const escapeDnValue = (value: string): string =>
  value
    .replaceAll(/["+,;<>\\=]/g, '\\$&')
    .replaceAll(/\p{Cc}/gu, hexOfUtf8)
    .replace(/^[ #]/, '\\$&')
    .replace(/(?<!^\\) $/, '\\ ');

/** A control character as the hexadecimal pairs of its UTF-8 bytes; those beyond U+007F have two. */
const hexOfUtf8 = (char: string): string =>
  [...new TextEncoder().encode(char)].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');

/** An assertion value in a filter (RFC 4515 §3): it can neither end its comparison nor become a pattern. */
export const escapeFilterValue = (value: string): string => value.replaceAll(/[*()\\\0]/g, hexOf);
