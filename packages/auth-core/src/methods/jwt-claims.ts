import type { ReasonCode } from '../reasons/index.ts';
import type { SafeDetail } from '../verdict.ts';
import type { Claims } from './jwt-token.ts';

/** Why a genuine token admits nobody. */
export interface ClaimRefusal {
  readonly reason: ReasonCode;
  readonly detail: SafeDetail;
}

/** What a claim must be; `%u`, `%c`, `${username}` and `${clientid}` within a text stand for the client's own names. */
export type WantedClaims = Readonly<Record<string, string | number | boolean>>;

/** Who a token is checked for; a name that is absent or that the server made up matches nothing. */
export interface TokenBearer {
  readonly username: string | undefined;
  readonly clientId: string | undefined;
}

/** Longest date that can be written as a date, in seconds from the epoch (ECMA-262: 8.64e15 ms). */
const DATE_SECONDS_MAX = 8.64e12;
/** A claim beyond this, read as seconds, lies after the year 5138: it is in milliseconds. */
const SECONDS_PLAUSIBLE_MAX = 1e11;
/** Characters of a claim's value that a detail shows. */
const SHOWN_CHARS_MAX = 128;

/**
 * A NumericDate (RFC 7519, section 2) in seconds since the epoch; numeric texts are read as EMQX 4.3 does. Undefined
 * when the claim is absent, `invalid` when it is no number.
 */
export function numericDate(claims: Claims, name: string): number | undefined | 'invalid' {
  if (!Object.hasOwn(claims, name)) return undefined;
  const value = claims[name];
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  return typeof value === 'string' && /^\d{1,20}(?:\.\d{1,9})?$/.test(value) ? Number(value) : 'invalid';
}

/** A date as text that can be shown, whatever its number. */
const shownDate = (seconds: number): string =>
  Math.abs(seconds) <= DATE_SECONDS_MAX ? new Date(seconds * 1_000).toISOString() : `${seconds} s`;

interface TimeRule {
  readonly claim: 'exp' | 'iat' | 'nbf';
  readonly reason: ReasonCode;
  readonly holds: (claim: number, now: number, leeway: number) => boolean;
}

/** In the order in which EMQX 4.3 asks them. RFC 7519, 4.1.4: `exp` itself is too late already; 4.1.5: `nbf` is not too early. */
const TIME_RULES: readonly TimeRule[] = [
  { claim: 'exp', reason: 'JWT_EXPIRED', holds: (exp, now, leeway) => now < exp + leeway },
  { claim: 'iat', reason: 'JWT_ISSUED_IN_FUTURE', holds: (iat, now, leeway) => iat <= now + leeway },
  { claim: 'nbf', reason: 'JWT_NOT_YET_VALID', holds: (nbf, now, leeway) => nbf <= now + leeway },
];

/** Checks `exp`, `iat` and `nbf`, each where it is present. `nowMs` in milliseconds since the epoch. */
export function checkTimes(claims: Claims, nowMs: number, leewaySeconds: number): ClaimRefusal | undefined {
  const now = nowMs / 1_000;
  for (const { claim, reason, holds } of TIME_RULES) {
    const value = numericDate(claims, claim);
    if (value === undefined) continue;
    if (value === 'invalid') {
      return { reason: 'JWT_CLAIM_MISMATCH', detail: { claim, problem: 'not a number of seconds' } };
    }
    if (holds(value, now, leewaySeconds)) continue;
    const unit =
      value > SECONDS_PLAUSIBLE_MAX
        ? { hint: 'the number looks like milliseconds, the standard says seconds' }
        : {};
    const detail = { claim, value: shownDate(value), now: shownDate(now), leewaySeconds, ...unit };
    return { reason, detail };
  }
  return undefined;
}

const PLACEHOLDER = /%[uc]|\$\{(?:username|clientid)\}/g;

/** The text that a claim must be; undefined when a name in it is unknown. Replaced in one pass: a name is never a template. */
function rendered(template: string, { username, clientId }: TokenBearer): string | undefined {
  const valueOf = (placeholder: string): string | undefined =>
    placeholder === '%u' || placeholder === '${username}' ? username : clientId;
  const asked = template.match(PLACEHOLDER) ?? [];
  if (asked.some((placeholder) => (valueOf(placeholder) ?? '') === '')) return undefined;
  return template.replaceAll(PLACEHOLDER, (placeholder) => String(valueOf(placeholder)));
}

const isWanted = (found: unknown, wanted: unknown): boolean =>
  // RFC 7519, section 4.1.3: an audience may be a list.
  Array.isArray(found) ? found.includes(wanted) : found === wanted;

function shownValue(value: unknown): string {
  if (typeof value === 'string') return value.slice(0, SHOWN_CHARS_MAX);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : typeof value;
}

/** Compares the claims that must have a certain value; the first that has not is told. */
export function checkClaims(
  claims: Claims,
  wanted: WantedClaims,
  bearer: TokenBearer,
): ClaimRefusal | undefined {
  for (const [claim, template] of Object.entries(wanted)) {
    const expected = typeof template === 'string' ? rendered(template, bearer) : template;
    const found = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
    if (expected !== undefined && found !== undefined && isWanted(found, expected)) continue;
    const what =
      found === undefined ? { problem: 'the token has no such claim' } : { found: shownValue(found) };
    const unknown = expected === undefined ? { hint: 'the client has no such name' } : {};
    return {
      reason: 'JWT_CLAIM_MISMATCH',
      detail: { claim, expected: String(template), ...what, ...unknown },
    };
  }
  return undefined;
}
