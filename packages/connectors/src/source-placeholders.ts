import { type Attempt, type GuessedIdentity, usernameOf } from '@gatehouse/auth-core';

/** What a placeholder stands for. */
export type PlaceholderName = 'username' | 'clientid' | 'cn' | 'subject' | 'ip';

const EMQX_NAMES: Readonly<Record<string, PlaceholderName>> = {
  '%u': 'username',
  '%c': 'clientid',
  '%C': 'cn',
  '%d': 'subject',
  '%a': 'ip',
};

/** One placeholder, as EMQX 4.3 or as EMQX 5 writes it; `%u2` and `%cn` are none. */
export const PLACEHOLDER = /%[ucCda](?![A-Za-z0-9_])|\$\{(?:username|clientid|cn|subject|ip)\}/g;

/** The name of a text that is a placeholder. */
export const placeholderName = (text: string): PlaceholderName | undefined => {
  const match = /^\$\{(username|clientid|cn|subject|ip)\}$/.exec(text);
  return match === null ? EMQX_NAMES[text] : (match[1] as PlaceholderName);
};

export const hasPlaceholder = (text: string): boolean => text.search(PLACEHOLDER) >= 0;

/** A placeholder that stands for nothing: sent as it is written it would find nobody. */
export function strangePlaceholder(text: string): TemplateProblem | undefined {
  const strange = /\$\{[^}'"\s]*\}?/.exec(text.replaceAll(PLACEHOLDER, ' '));
  return strange === null
    ? undefined
    : { found: strange[0], accepted: '${username}, ${clientid}, ${cn}, ${subject} or ${ip}' };
}

/** A placeholder's value, as text and nothing else; undefined when the client has none, an empty username included. */
export function placeholderValue(name: PlaceholderName, attempt: Attempt): string | undefined {
  const certificate = attempt.tls?.certificate;
  switch (name) {
    case 'username':
      return usernameOf(attempt);
    case 'clientid':
      return attempt.clientId;
    case 'cn':
      return certificate?.commonName;
    case 'subject':
      return certificate?.subject;
    case 'ip':
      return attempt.ip;
  }
}

/** Which of the identities that are guessed at the placeholders name. */
export function asksByOf(names: readonly PlaceholderName[]): readonly GuessedIdentity['by'][] {
  return [
    ...(names.includes('username') ? (['username'] as const) : []),
    ...(names.includes('clientid') ? (['clientId'] as const) : []),
  ];
}

/** What is wrong with a template, in the words of a configuration problem. */
export interface TemplateProblem {
  readonly found: string;
  readonly accepted: string;
}
