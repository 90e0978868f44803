import { BASIC_REASONS } from './basic.ts';
import type { ReasonCode } from './codes.ts';
import { HTTP_REASONS } from './http.ts';
import { JWT_REASONS } from './jwt.ts';
import { LDAP_REASONS } from './ldap.ts';
import { POLICY_REASONS } from './policy.ts';
import { PROTOCOL_REASONS } from './protocol.ts';
import { SCRAM_REASONS } from './scram.ts';
import { SOURCE_REASONS } from './source.ts';
import type { Family, ReasonSpec } from './spec.ts';
import { TLS_REASONS } from './tls.ts';
import { X509_REASONS } from './x509.ts';

/**
 * The reason catalogue (auth.md §3): everything that is said about a refusal — console texts, wire codes, metric
 * labels, the pages under `docs/reasons/` — derives from this table.
 */
export const REASONS: Readonly<Record<ReasonCode, ReasonSpec>> = {
  ...BASIC_REASONS,
  ...X509_REASONS,
  ...SCRAM_REASONS,
  ...JWT_REASONS,
  ...HTTP_REASONS,
  ...SOURCE_REASONS,
  ...LDAP_REASONS,
  ...TLS_REASONS,
  ...POLICY_REASONS,
  ...PROTOCOL_REASONS,
};

/** Narrows text from a database, a file or a URL to a code of the catalogue. */
export const isReasonCode = (text: string): text is ReasonCode => Object.hasOwn(REASONS, text);

/** The entry of a code, or undefined when a newer or damaged record names one that this release does not know. */
export const reasonOf = (code: string): ReasonSpec | undefined =>
  isReasonCode(code) ? REASONS[code] : undefined;

export const familyOf = (code: ReasonCode): Family => REASONS[code].family;

/** Path of a code's page below the documentation's root, without extension. */
export const docsSlugOf = (code: ReasonCode): string => `reasons/${code}`;

/** What the placeholders of `cause` and `fix.text` stand for. */
export type ReasonFacts = Partial<
  Readonly<Record<'clientId' | 'username' | 'ip' | 'listener' | 'authenticator', string>>
>;

const PLACEHOLDER_WORDS: Readonly<Record<keyof ReasonFacts, string>> = {
  clientId: 'the client ID',
  username: 'the username',
  ip: 'the address',
  listener: 'the listener',
  authenticator: 'the authenticator',
};

/**
 * Fills a catalogue text's placeholders, in one pass: a fact that itself looks like a placeholder stays as it is.
 * Facts are hostile text; the caller escapes the result. Without a fact the sentence reads in general terms.
 *
 * @example fillReasonText('Nobody named {username}', { username: 'pump-7' }) // 'Nobody named “pump-7”'
 */
export const fillReasonText = (text: string, facts: ReasonFacts): string =>
  text.replaceAll(/\{(clientId|username|ip|listener|authenticator)\}/g, (_, name: keyof ReasonFacts) => {
    const fact = facts[name];
    return fact === undefined || fact === '' ? PLACEHOLDER_WORDS[name] : `“${fact}”`;
  });
