import { fillReasonText, type ReasonCode, REASONS } from '@gatehouse/auth-core';
import type { UnauthorizedClientDetail } from '@gatehouse/ports';
import { reasonFacts } from '../reason-facts.ts';
import { fact, quoted } from '../statement.ts';
import type { Cause } from './cause.ts';

/** Refusals of a client that nobody recognised; the chain was gone through to its end. */
const UNRECOGNISED: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'ANONYMOUS_DENIED',
  'CHAIN_EXHAUSTED',
  'X509_CHAIN_EMPTY',
]);

/** What a client proved in its handshake, and which type of authenticator would have looked at it. */
interface UnreadProof {
  readonly type: 'x509' | 'psk';
  /** Subject of the certificate, or the identity. */
  readonly value: string;
}

/**
 * The certificate or pre-shared key that a client proved and that no step of its chain asked for; null where there is
 * none, or where the refusal is about something else.
 */
export const unreadProof = (row: UnauthorizedClientDetail): UnreadProof | null => {
  if (!UNRECOGNISED.has(row.reason)) return null;
  const { certificate, presented = [], pskIdentity } = row;
  const isUnread = (type: UnreadProof['type']): boolean =>
    !row.trace.some((step) => step.type === type && step.detail?.['enabled'] !== false);
  if (certificate !== null && presented.every(({ problem }) => problem === null) && isUnread('x509')) {
    return { type: 'x509', value: certificate.subject };
  }
  const identity = pskIdentity ?? '';
  return identity !== '' && isUnread('psk') ? { type: 'psk', value: identity } : null;
};

/** Says what was proved in vain; `otherwise` speaks of a client that proved nothing. */
export const unreadProofOr =
  (otherwise: Cause): Cause =>
  (row, about, now) => {
    const proof = unreadProof(row);
    if (proof === null) return otherwise(row, about, now);
    const { type, value } = proof;
    const proved =
      type === 'x509'
        ? `Its certificate ${quoted(value)} is verified`
        : `It proved the key of the identity ${quoted(value)}`;
    const key = type === 'x509' ? 'certificate-unread' : 'psk-unread';
    const values = { [type === 'x509' ? 'subject' : 'identity']: value, listener: row.listener };
    return [
      fact(
        key,
        values,
        `${proved}, but no enabled authenticator of type ${type} is in the chain of ${row.listener}.`,
      ),
    ];
  };

/** What to do about a refusal: the catalogue's advice, except where it would send somebody to the wrong place. */
export const howToFix = (row: UnauthorizedClientDetail): string => {
  const proof = unreadProof(row);
  if (proof === null) return fillReasonText(REASONS[row.reason].fix.text, reasonFacts(row));
  const known = proof.type === 'x509' ? 'the certificate' : 'the identity';
  return `Put an authenticator of type ${proof.type} into the chain of ${row.listener}, or enable the one there, and give it a credential for ${known}. Nothing has to change on the device.`;
};
