import type { MessageSessionDto } from '@gatehouse/contract';
import type { Actor, CredentialWrite } from '@gatehouse/ports';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { credentialTarget } from '../../present/credential.ts';
import { iso } from '../../present/time.ts';
import { ProblemError } from '../../problem.ts';
import { randomToken } from '../../security/tokens.ts';
import { announceCredentials } from '../credentials/announce.ts';
import { makeSecret } from '../credentials/secret.ts';
import { written } from '../credentials/written.ts';

/** Bounds of the credentials that the console's MQTT client connects with. */
const MESSAGE_SESSIONS = { lifetimeMs: 600_000, liveMax: 50, sweptMax: 200, suffixCharacters: 12 } as const;

const TAG = 'gatehouse-console';
const PREFIX = 'console-';

/** Whose it is stands in its username; client IDs of others it cannot take. */
const identityPrefix = (actor: Actor): string => `${PREFIX}${actor.id}-`;

/** Hears everything; speaks where the caller may. */
const rulesOf = (mayPublish: boolean): CredentialWrite['rules'] => [
  { permission: 'allow', action: 'subscribe', topic: '#' },
  { permission: 'allow', action: 'subscribe', topic: '$SYS/#' },
  ...(mayPublish ? [{ permission: 'allow', action: 'publish', topic: '#' } as const] : []),
];

const OLDEST_FIRST = { field: 'createdAt', direction: 'asc' } as const;

/** Removes those whose time is over. */
const sweep = async (ctx: Context): Promise<void> => {
  const { store } = ctx.house;
  const page = { limit: MESSAGE_SESSIONS.sweptMax, sort: OLDEST_FIRST };
  const { items } = await store.credentials.page({ tag: TAG, expired: true }, page);
  // The tag is anybody's to give.
  const ids = items.filter(({ username }) => username?.startsWith(PREFIX) === true).map(({ id }) => id);
  if (ids.length === 0) return;
  const removed = await store.transaction((tx) => tx.credentials.remove(ids));
  await announceCredentials(ctx, removed, { disconnect: true });
};

/** Those of a server that was stopped meanwhile are swept with the next. */
const sweepLater = (ctx: Context): void => {
  const { clock, log } = ctx.house;
  clock.after(MESSAGE_SESSIONS.lifetimeMs, () => {
    sweep(ctx).catch((error: unknown) =>
      log.warn({ err: error }, 'credentials of the console were not swept'),
    );
  });
};

const makeRoom = async (ctx: Context): Promise<void> => {
  await sweep(ctx);
  const page = { limit: 1, sort: OLDEST_FIRST };
  const live = await ctx.house.store.credentials.page({ tag: TAG, expired: false }, page);
  if (live.total < MESSAGE_SESSIONS.liveMax) return;
  throw new ProblemError('too-many-requests', {
    detail: 'Too many consoles are connected; they end by themselves within ten minutes.',
  });
};

/** Makes a credential of ten minutes for the caller's MQTT client. */
export const openMessageSession = async (ctx: Context): Promise<MessageSessionDto> => {
  const actor = authorize(ctx, 'messages:read');
  const { store, clock } = ctx.house;
  await makeRoom(ctx);
  const mayPublish = ctx.caller.kind !== 'nobody' && ctx.caller.scopes.has('messages:publish');
  const secret = await makeSecret(ctx, {});
  const identity = identityPrefix(actor) + randomToken().slice(0, MESSAGE_SESSIONS.suffixCharacters);
  const expiresAt = clock.now() + MESSAGE_SESSIONS.lifetimeMs;
  const credential = await store.transaction(async (tx) => {
    const write: CredentialWrite = {
      name: `Console of ${actor.name}`,
      username: identity,
      clientId: identity,
      secretHash: secret.hash,
      hashFormat: secret.format,
      secretKind: secret.kind,
      passwordless: false,
      superuser: false,
      enabled: true,
      expiresAt,
      description: 'Made for the page Messages; it goes by itself.',
      tags: [TAG],
      rules: rulesOf(mayPublish),
      source: 'api',
    };
    const made = written(await tx.credentials.create(write, clock.now()));
    await writeAudit(tx, ctx, actor, {
      action: 'messages.open',
      target: credentialTarget(made),
      after: { mayPublish, expiresAt: iso(expiresAt) },
    });
    return made;
  });
  await announceCredentials(ctx, [credential], { disconnect: false });
  sweepLater(ctx);
  return {
    id: credential.id,
    clientId: identity,
    username: identity,
    password: secret.plain ?? '',
    expiresAt: iso(expiresAt),
    mayPublish,
  };
};

/** Ends one before its time: the caller's own, and no other credential. */
export const closeMessageSession = async (ctx: Context, id: string): Promise<undefined> => {
  const actor = authorize(ctx, 'messages:read');
  const removed = await ctx.house.store.transaction(async (tx) => {
    const found = await tx.credentials.get(id);
    const isOwn =
      found?.tags.includes(TAG) === true && found.username?.startsWith(identityPrefix(actor)) === true;
    if (!isOwn) throw new ProblemError('not-found');
    await writeAudit(tx, ctx, actor, { action: 'messages.close', target: credentialTarget(found) });
    return tx.credentials.remove([id]);
  });
  await announceCredentials(ctx, removed, { disconnect: true });
  return undefined;
};
