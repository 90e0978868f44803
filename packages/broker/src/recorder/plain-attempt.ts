import type { AttemptDelta, RefusedAttempt } from '@gatehouse/ports';
import type { RecorderLimits } from './limits.ts';
import { cutUtf8, withoutToken } from './text.ts';

/** An attempt as it is kept: no secret, every text cut to its bound. */
export type PlainAttempt = AttemptDelta['last'];

/** Copies what may be kept of an attempt; the copy shares nothing large with what the peer sent. */
export function toPlainAttempt(attempt: RefusedAttempt, limits: RecorderLimits): PlainAttempt {
  const { secret: _dropped, ...rest } = attempt;
  const cut = (text: string): string => cutUtf8(text, limits.textBytesMax).text;
  const clientId = attempt.clientId === null ? null : cutUtf8(attempt.clientId, limits.clientIdBytesMax);
  return {
    ...rest,
    clientId: clientId?.text ?? null,
    clientIdTruncated: clientId?.truncated ?? false,
    username: attempt.username === null ? null : cut(withoutToken(attempt.username)),
    pskIdentity: attempt.pskIdentity === null ? null : cut(attempt.pskIdentity),
    detail: cutDetail(attempt.detail, cut),
    trace: attempt.trace
      .slice(0, limits.traceStepsMax)
      .map((step) => (step.detail === undefined ? step : { ...step, detail: cutDetail(step.detail, cut) })),
    certificate: attempt.certificate && {
      ...attempt.certificate,
      subject: cut(attempt.certificate.subject),
      issuer: cut(attempt.certificate.issuer),
    },
  };
}

type Detail = RefusedAttempt['detail'];

function cutDetail(detail: Detail, cut: (text: string) => string): Detail {
  const kept: Record<string, Detail[string]> = {};
  for (const [name, value] of Object.entries(detail)) {
    if (typeof value === 'string') kept[name] = cut(value);
    else kept[name] = typeof value === 'object' ? value.map(cut) : value;
  }
  return kept;
}
