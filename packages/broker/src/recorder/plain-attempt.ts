import type { CertificateFacts } from '@gatehouse/auth-core';
import type { AttemptDelta, PresentedCertificate, RefusedAttempt } from '@gatehouse/ports';
import type { RecorderLimits } from './limits.ts';
import { cutUtf8, withoutToken } from './text.ts';

/** An attempt as it is kept: no secret, every text cut to its bound. */
export type PlainAttempt = AttemptDelta['last'];

/** An attempt as it is kept, and its JSON. */
export interface WrittenAttempt {
  readonly plain: PlainAttempt;
  readonly text: string;
}

export function toWrittenAttempt(attempt: RefusedAttempt, limits: RecorderLimits): WrittenAttempt {
  const plain = toPlainAttempt(attempt, limits);
  return { plain, text: JSON.stringify(plain) };
}

/**
 * Copies what may be kept of an attempt, field by field: nothing is kept that is not named here, and the copy shares
 * nothing large with what the peer sent.
 */
function toPlainAttempt(attempt: RefusedAttempt, limits: RecorderLimits): PlainAttempt {
  const cut = (text: string): string => cutUtf8(text, limits.textBytesMax).text;
  const clientId = attempt.clientId === null ? null : cutUtf8(attempt.clientId, limits.clientIdBytesMax);
  return {
    ref: attempt.ref,
    ...(attempt.untold === undefined ? {} : { untold: attempt.untold }),
    at: attempt.at,
    reason: attempt.reason,
    detail: cutDetail(attempt.detail, cut),
    connackCode: attempt.connackCode,
    authenticator: attempt.authenticator,
    clientId: clientId?.text ?? null,
    clientIdTruncated: clientId?.truncated ?? false,
    username: attempt.username === null ? null : cut(withoutToken(attempt.username)),
    passwordProvided: attempt.passwordProvided,
    tlsUsed: attempt.tlsUsed,
    ip: attempt.ip,
    listener: attempt.listener,
    protocol: attempt.protocol,
    keepAliveSeconds: attempt.keepAliveSeconds,
    cleanStart: attempt.cleanStart,
    certificate: attempt.certificate && cutCertificate(attempt.certificate, cut),
    ...(attempt.presented === undefined ? {} : { presented: cutChain(attempt.presented, cut) }),
    pskIdentity: attempt.pskIdentity === null ? null : cut(attempt.pskIdentity),
    trace: attempt.trace
      .slice(0, limits.traceStepsMax)
      .map((step) => (step.detail === undefined ? step : { ...step, detail: cutDetail(step.detail, cut) })),
  };
}

/** Certificates of a presented chain that are kept. */
const CHAIN_MAX = 6;
/** Characters of a root's certificate, PEM, that is kept; a longer one is left out. */
const PEM_CHARACTERS_MAX = 4_096;

/** One root at most is kept whole: a chain has no more. */
function cutChain(
  chain: readonly PresentedCertificate[],
  cut: (text: string) => string,
): readonly PresentedCertificate[] {
  const kept = chain.slice(0, CHAIN_MAX);
  const root = kept.findIndex(({ pem }) => pem !== null && pem.length <= PEM_CHARACTERS_MAX);
  return kept.map((one, index) => ({
    ...cutCertificate(one, cut),
    problem: one.problem,
    pem: index === root ? one.pem : null,
  }));
}

const cutCertificate = (facts: CertificateFacts, cut: (text: string) => string): CertificateFacts => ({
  ...facts,
  subject: cut(facts.subject),
  issuer: cut(facts.issuer),
  commonName: facts.commonName === undefined ? undefined : cut(facts.commonName),
});

type Detail = RefusedAttempt['detail'];

function cutDetail(detail: Detail, cut: (text: string) => string): Detail {
  const kept: Record<string, Detail[string]> = {};
  for (const [name, value] of Object.entries(detail)) {
    if (typeof value === 'string') kept[name] = cut(value);
    else kept[name] = typeof value === 'object' ? value.map(cut) : value;
  }
  return kept;
}
