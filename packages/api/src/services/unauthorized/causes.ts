import type { ReasonCode } from '@gatehouse/auth-core';
import type { UnauthorizedClientDetail } from '@gatehouse/ports';
import type { Cause } from './causes/cause.ts';
import {
  regular,
  lastGood,
  severalNetworks,
  severalSecrets,
  othersAdmitted,
  othersSince,
  preceded,
} from './causes/common.ts';
import {
  credentialExists,
  nobodyKnown,
  secretChanged,
  changedSince,
  hints,
  guessing,
  guessingOrStale,
  unparsable,
  withoutSecret,
} from './causes/credential.ts';
import { blockedBy } from './causes/blocked.ts';
import { certificateEnded, certificateRevoked } from './causes/certificate.ts';
import {
  disabled,
  expired,
  overBudget,
  noUsername,
  quickDenied,
  everyoneIgnored,
  willTopic,
  sessionOwner,
  failedStep,
} from './causes/policy.ts';
import {
  malformedConnect,
  unknownVersion,
  tooLarge,
  wrongPath,
  wrongOrigin,
  wrongSubprotocol,
  boundReached,
} from './causes/protocol.ts';
import { unreadProofOr } from './causes/unread-proof.ts';
import type { Circumstances } from './circumstances.ts';
import type { Statement } from './statement.ts';

/** What is particular to a reason; the others speak through the catalogue's text and what is common to all. */
const BY_REASON: Readonly<Partial<Record<ReasonCode, readonly Cause[]>>> = {
  BASIC_NO_CREDENTIALS: [nobodyKnown, hints, guessing],
  BASIC_PASSWORD_MISMATCH: [
    credentialExists,
    withoutSecret,
    secretChanged,
    changedSince,
    hints,
    guessingOrStale,
  ],
  BASIC_PASSWORD_MISSING: [credentialExists],
  BASIC_CREDENTIALS_UNPARSABLE: [credentialExists, unparsable],
  CREDENTIAL_DISABLED: [disabled],
  CREDENTIAL_EXPIRED: [expired],
  CLIENT_BLOCKED: [blockedBy],
  TOO_MANY_FAILURES: [overBudget, guessingOrStale],
  ANONYMOUS_DENIED: [unreadProofOr(noUsername)],
  ANONYMOUS_QUICK_DENIED: [quickDenied],
  CHAIN_EXHAUSTED: [unreadProofOr(everyoneIgnored), guessing],
  TLS_CERT_REVOKED: [certificateRevoked],
  TLS_CERT_EXPIRED: [certificateEnded],
  X509_AUTH_FAILURE: [certificateRevoked, certificateEnded],
  X509_CHAIN_EMPTY: [unreadProofOr(() => [])],
  WILL_NOT_AUTHORIZED: [willTopic],
  SESSION_OWNED_BY_OTHER: [sessionOwner],
  AUTHENTICATOR_ERROR: [failedStep],
  PROTOCOL_MALFORMED_CONNECT: [malformedConnect],
  PROTOCOL_VERSION_UNSUPPORTED: [unknownVersion],
  PROTOCOL_PACKET_TOO_LARGE: [tooLarge],
  WS_PATH_NOT_FOUND: [wrongPath],
  WS_ORIGIN_DENIED: [wrongOrigin],
  WS_SUBPROTOCOL_MISSING: [wrongSubprotocol],
  QUOTA_EXCEEDED: [boundReached],
};

const COMMON: readonly Cause[] = [
  preceded,
  othersSince,
  severalSecrets,
  lastGood,
  regular,
  severalNetworks,
  othersAdmitted,
];

const isStatement = (statement: Statement | null): statement is Statement => statement !== null;

/** Statements particular to the row's reason, then those that hold for any. */
export const causesOf: (
  row: UnauthorizedClientDetail,
  about: Circumstances,
  now: number,
) => { readonly particular: readonly Statement[]; readonly common: readonly Statement[] } = (
  row,
  about,
  now,
) => {
  const run = (causes: readonly Cause[]) =>
    causes.flatMap((cause) => cause(row, about, now)).filter(isStatement);
  return { particular: run(BY_REASON[row.reason] ?? []), common: run(COMMON) };
};
