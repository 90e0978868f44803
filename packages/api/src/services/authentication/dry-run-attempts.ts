import { FAMILIES, type Family, type ReasonCode } from '@gatehouse/auth-core';
import type {
  AuthSetup,
  DryRunClient,
  KnownAnswer,
  UnauthorizedClient,
  UnauthorizedClientDetail,
} from '@gatehouse/ports';
import type { Context } from '../../context.ts';
import type { StoredAuth } from './stored.ts';

/** Families that are decided before the chain is asked. */
const BEFORE_CHAIN: ReadonlySet<Family> = new Set(['tls', 'protocol']);
/** Reasons of the other families that the chain has no part in. */
const NOT_OF_CHAIN: readonly ReasonCode[] = [
  'CLIENT_BLOCKED',
  'WILL_NOT_AUTHORIZED',
  'SESSION_OWNED_BY_OTHER',
  'SESSION_NOT_STORED',
  'QUOTA_EXCEEDED',
];
/** Answers that are about a moment, not about the client: they say nothing about now. */
const PASSING: ReadonlySet<ReasonCode> = new Set([
  'TOO_MANY_FAILURES',
  'JWT_NOT_YET_VALID',
  'JWT_ISSUED_IN_FUTURE',
  'JWT_JWKS_UNAVAILABLE',
]);

export interface AttemptClient {
  readonly row: UnauthorizedClient;
  readonly client: DryRunClient;
}

interface Asked {
  /** Of the chain. */
  readonly listeners: readonly string[];
  readonly limit: number;
  /** Authenticators that the draft changes. */
  readonly changed: readonly string[];
  readonly stored: StoredAuth;
  readonly setup: AuthSetup;
}

/** The clients that this chain refused last, with what is known of their attempts. */
export async function attemptClients(ctx: Context, asked: Asked): Promise<readonly AttemptClient[]> {
  const { store, dataPlane } = ctx.house;
  if (asked.limit === 0 || asked.listeners.length === 0) return [];
  await dataPlane.flushRecorder();
  const [{ items }, { startedAt }] = await Promise.all([
    store.unauthorized.page(
      {
        listener: { include: [...asked.listeners] },
        family: { include: FAMILIES.filter((family) => !BEFORE_CHAIN.has(family)) },
        reason: { exclude: [...NOT_OF_CHAIN] },
        state: { include: ['open'] },
      },
      { limit: asked.limit, sort: { field: 'lastAttemptAt', direction: 'desc' } },
    ),
    dataPlane.stats(),
  ]);
  const found: AttemptClient[] = [];
  for (const row of items) {
    // Whose client ID was cut, or never seen, cannot be asked about.
    if (row.clientId === null || row.clientIdTruncated) continue;
    const detail = await store.unauthorized.get(row.id);
    if (detail === null) continue;
    const touchedAt = await credentialTouchedAt(ctx, row);
    found.push({ row, client: clientOf(detail, knownOf(detail, { ...asked, startedAt, touchedAt })) });
  }
  return found;
}

function clientOf(row: UnauthorizedClientDetail, known: DryRunClient['known']): DryRunClient {
  const { id, clientId, username, ip, listener, protocol, passwordProvided, tlsUsed } = row;
  return {
    id: `attempt ${id}`,
    clientId: clientId ?? '',
    username: username ?? undefined,
    ip,
    listener,
    protocolVersion: protocol ?? 4,
    passwordProvided,
    tlsUsed,
    known,
  };
}

/** When a credential that goes by this identity was last changed; 0: there is none. */
async function credentialTouchedAt(ctx: Context, row: UnauthorizedClient): Promise<number> {
  const { store } = ctx.house;
  const username = row.username ?? undefined;
  const [found = []] = await store.credentials.lookup([
    { username, clientId: row.clientId ?? '', strategy: 'both' },
  ]);
  const credentials = await Promise.all(found.map(({ id }) => store.credentials.get(id)));
  return Math.max(0, ...credentials.map((one) => one?.updatedAt ?? Infinity));
}

/** What the authenticators answered that are still as they were then. */
function knownOf(
  { trace, lastAttemptAt }: UnauthorizedClientDetail,
  {
    changed,
    stored,
    setup,
    startedAt,
    touchedAt,
  }: Asked & { readonly startedAt: number; readonly touchedAt: number },
): DryRunClient['known'] {
  const known: Record<string, KnownAnswer> = {};
  for (const { authenticator, outcome, reason } of trace) {
    if (outcome !== 'deny' && outcome !== 'ignore') continue;
    if (reason === null || PASSING.has(reason) || changed.includes(authenticator)) continue;
    const raw = setup.authenticators[authenticator];
    // What is declared was read at the start.
    const since = stored.authenticators[authenticator]?.updatedAt ?? startedAt;
    const isBuiltin = raw?.type === 'builtin';
    const changedAt = isBuiltin
      ? Math.max(touchedAt, stored.authenticators[authenticator]?.updatedAt ?? 0)
      : since;
    if (raw !== undefined && changedAt <= lastAttemptAt) known[authenticator] = { outcome, reason };
  }
  return known;
}
