import { sampleOf, signatureOf } from '@gatehouse/auth-core';
import type {
  AcceptedLogin,
  AttemptDelta,
  AttemptHistory,
  AttemptSample,
  Evidence,
  MismatchHint,
  Signature,
} from '@gatehouse/ports';
import { identitiesOfLogin, identitiesOfSignature, keyOfClientId } from './identities.ts';
import { inNetwork } from './ip.ts';
import type { Inside, StoredRow } from './row.ts';

/** Attempts kept in a row's history. */
export const HISTORY_MAX = 50;
/** Distinct addresses kept per row. */
export const IPS_MAX = 8;
/** Signatures kept per row; the longest unseen goes first. */
export const SIGNATURES_MAX = 16;

/** A delta of the recorder as a row of its own. */
export function rowFromDelta(delta: AttemptDelta, node: string): StoredRow {
  const { last, history = historyOf(last) } = delta;
  return {
    key: delta.key,
    clientId: last.clientId ?? '',
    username: last.username ?? '',
    ip: last.ip,
    reason: last.reason,
    listener: last.listener,
    protocol: last.protocol,
    passwordProvided: last.passwordProvided,
    tlsUsed: last.tlsUsed,
    resolved: false,
    firstAt: delta.firstAt,
    lastAt: last.at,
    attempts: delta.attempts,
    shown: {
      hasClientId: last.clientId !== null,
      clientIdTruncated: last.clientIdTruncated,
      hasUsername: last.username !== null,
      ips: distinct([last.ip, ...history.ips]).slice(0, IPS_MAX),
      detail: last.detail,
      connackCode: last.connackCode,
      authenticator: last.authenticator,
      node,
      keepAliveSeconds: last.keepAliveSeconds,
      cleanStart: last.cleanStart,
      pskIdentity: last.pskIdentity,
      resolvedAt: null,
    },
    inside: {
      ref: last.ref,
      ...(last.untold === undefined ? {} : { untold: last.untold }),
      certificate: last.certificate,
      ...(last.presented === undefined ? {} : { presented: last.presented }),
      trace: last.trace,
      evidence: delta.evidence,
      signatures: mergeSignatures([], history.signatures),
    },
    samples: newestFirst(history.samples),
  };
}

/** What a single attempt leaves. */
const historyOf = (only: AttemptDelta['last']): AttemptHistory => ({
  ips: [only.ip],
  samples: [sampleOf(only)],
  signatures: [signatureOf(only)],
});

/**
 * Two rows under one key as one: attempts add up, the first stays first, the later attempt's facts are shown. Used for
 * a flush onto a stored row and for an undo onto what was refused meanwhile.
 */
export function mergeRows(older: StoredRow, newer: StoredRow): StoredRow {
  const [before, after] = newer.lastAt >= older.lastAt ? [older, newer] : [newer, older];
  const signatures = mergeSignatures(older.inside.signatures, newer.inside.signatures);
  return settled({
    ...after,
    firstAt: Math.min(older.firstAt, newer.firstAt),
    attempts: older.attempts + newer.attempts,
    shown: {
      ...after.shown,
      ips: distinct([...after.shown.ips, ...before.shown.ips]).slice(0, IPS_MAX),
      resolvedAt: newer.shown.resolvedAt,
    },
    inside: {
      ...after.inside,
      evidence: mergeEvidence(before.inside.evidence, after.inside.evidence),
      signatures,
    },
    samples: newestFirst([...older.samples, ...newer.samples]).slice(0, HISTORY_MAX),
  });
}

/**
 * Marks the signatures that a good login matches: its client ID from the same network, with the same username or none
 * (a device that has been given its credential since); or, whatever its client ID, one of its other identities
 * (`identities.ts`). Others stay open: somebody else's success says nothing about them.
 * Returns the row unchanged (identical) when none matches.
 */
export function resolveByLogin(row: StoredRow, login: AcceptedLogin): StoredRow {
  const identities = new Set(identitiesOfLogin(login));
  const isNamed = row.key === keyOfClientId(login.clientId);
  const goesByName = ({ username, network }: Signature): boolean =>
    isNamed && inNetwork(login.ip, network) && (username === null || username === login.username);
  const matches = (signature: Signature): boolean =>
    !signature.resolved &&
    signature.lastAt <= login.at &&
    (goesByName(signature) || identitiesOfSignature(row, signature).some((one) => identities.has(one)));
  if (!row.inside.signatures.some(matches)) return row;
  const signatures = row.inside.signatures.map((signature) =>
    matches(signature) ? { ...signature, resolved: true } : signature,
  );
  const inside: Inside = { ...row.inside, signatures };
  return settled({ ...row, inside, shown: { ...row.shown, resolvedAt: login.at } });
}

/** Adds hints that were found late, and nothing else; returns the row unchanged (identical) when it has them. */
export function withHints(row: StoredRow, hints: readonly MismatchHint[]): StoredRow {
  const { evidence } = row.inside;
  const mismatchHints = distinct([...evidence.mismatchHints, ...hints]);
  if (mismatchHints.length === evidence.mismatchHints.length) return row;
  return { ...row, inside: { ...row.inside, evidence: { ...evidence, mismatchHints } } };
}

/** A row is resolved when all who tried under its key are. */
function settled(row: StoredRow): StoredRow {
  const { signatures } = row.inside;
  const resolved = signatures.length > 0 && signatures.every((signature) => signature.resolved);
  return { ...row, resolved, shown: { ...row.shown, resolvedAt: resolved ? row.shown.resolvedAt : null } };
}

function mergeSignatures(older: readonly Signature[], newer: readonly Signature[]): readonly Signature[] {
  const merged = new Map(older.map((signature) => [signatureKey(signature), signature]));
  for (const signature of newer) {
    const key = signatureKey(signature);
    const known = merged.get(key);
    merged.set(
      key,
      known === undefined
        ? signature
        : {
            ...signature,
            attempts: known.attempts + signature.attempts,
            firstAt: Math.min(known.firstAt, signature.firstAt),
            lastAt: Math.max(known.lastAt, signature.lastAt),
          },
    );
  }
  return [...merged.values()].sort((a, b) => b.lastAt - a.lastAt).slice(0, SIGNATURES_MAX);
}

function signatureKey({ username, network, reason, listener, fingerprint, pskIdentity }: Signature): string {
  return JSON.stringify([username, network, reason, listener, fingerprint ?? null, pskIdentity ?? null]);
}

function mergeEvidence(before: Evidence, after: Evidence): Evidence {
  return {
    distinctSecrets: Math.max(before.distinctSecrets, after.distinctSecrets),
    distinctSecretsCapped: before.distinctSecretsCapped || after.distinctSecretsCapped,
    mismatchHints: distinct([...after.mismatchHints, ...before.mismatchHints]),
    interval: after.interval ?? before.interval,
    lastGoodLogin: after.lastGoodLogin ?? before.lastGoodLogin,
  };
}

function newestFirst(samples: readonly AttemptSample[]): readonly AttemptSample[] {
  const byRef = new Map(samples.map((sample) => [sample.ref, sample]));
  return [...byRef.values()].sort((a, b) => b.at - a.at);
}

function distinct<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}
