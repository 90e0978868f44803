import type { AuthSetup, ClientSession, DryRunClient } from '@gatehouse/ports';
import type { Context } from '../../context.ts';
import { ProblemError } from '../../problem.ts';

export interface SessionClient {
  readonly session: ClientSession;
  readonly client: DryRunClient;
}

export interface SessionClients {
  readonly found: readonly SessionClient[];
  readonly more: boolean;
}

interface Asked {
  readonly listeners: readonly string[];
  readonly limit: number;
  readonly setup: AuthSetup;
}

/** Open sessions of the chain's listeners, with who admitted them. */
export async function sessionClients(ctx: Context, asked: Asked): Promise<SessionClients> {
  const found: SessionClient[] = [];
  let more = false;
  for (const listener of asked.limit === 0 ? [] : asked.listeners) {
    const limit = asked.limit - found.length;
    if (limit <= 0) return { found, more: true };
    const scan = await ctx.house.dataPlane.listClients(
      { online: true, listener },
      { limit, direction: 'asc' },
    );
    if (scan === 'busy') throw new ProblemError('too-many-requests');
    more ||= scan.next !== null || !scan.complete;
    found.push(
      ...scan.items.flatMap((session) => {
        const client = clientOf(session, asked.setup);
        return client === undefined ? [] : [{ session, client }];
      }),
    );
  }
  return { found, more };
}

function clientOf(session: ClientSession, setup: AuthSetup): DryRunClient | undefined {
  const { connection, clientId, username } = session;
  if (connection === null) return undefined;
  return {
    id: `session ${clientId}`,
    clientId,
    username: username ?? undefined,
    ip: connection.ip,
    listener: connection.listener,
    protocolVersion: connection.protocol,
    // Nobody noted whether it sent one: who was admitted by name alone is admitted so again.
    passwordProvided: !session.anonymous,
    tlsUsed: connection.tls,
    known: Object.fromEntries(
      admittedBy(session, setup).map((name) => [name, { outcome: 'allow', reason: null }] as const),
    ),
  };
}

/** The authenticators that may have admitted it: its principal is named after one of them. */
function admittedBy(
  { principal, anonymous }: ClientSession,
  { authenticators }: AuthSetup,
): readonly string[] {
  if (anonymous) return [];
  const [namespace = ''] = principal.split(':');
  const isBuiltin = namespace === 'builtin' || namespace === 'builtin-clientid';
  return Object.keys(authenticators).filter((name) =>
    isBuiltin ? authenticators[name]?.type === 'builtin' : name === namespace,
  );
}
