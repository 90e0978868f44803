import { CONFIRMED_MS, ROLE_SCOPES, type Access, type Role, type Scope } from '@gatehouse/contract';
import type { Actor, ApiKey, AuditWrite, Repositories, User, UserSession } from '@gatehouse/ports';
import type { ApiConfig, House } from './house.ts';
import { ProblemError } from './problem.ts';

interface SignedIn {
  readonly actor: Actor;
  readonly role: Role;
  readonly scopes: ReadonlySet<Scope>;
}

/** A person who is signed in to the console. */
interface PersonCaller extends SignedIn {
  readonly kind: 'user';
  readonly user: User;
  readonly session: UserSession;
  /** The role demands a second factor that is not there yet. */
  readonly mustEnrol: boolean;
}

/** Who is asking, found out once per request. */
export type Caller =
  | { readonly kind: 'nobody' }
  | PersonCaller
  | (SignedIn & { readonly kind: 'api-key'; readonly key: ApiKey })
  /** The command on this machine, over the control socket. */
  | (SignedIn & { readonly kind: 'cli' });

/** What a service verb works with: the house, who asks, and what the audit notes about the request. */
export interface Context {
  readonly house: House;
  readonly caller: Caller;
  /** The client's address, behind trusted proxies. */
  readonly ip: string;
  readonly userAgent: string;
  readonly requestId: string;
}

const actorOf = (kind: Actor['kind'], id: string, name: string): Actor => ({ kind, id, name });

/** Who must set an authenticator app up has no scope until then. It goes with the password: a provider has factors of its own. */
export const userCaller = (
  { totpRoles }: Pick<ApiConfig, 'totpRoles'>,
  user: User,
  session: UserSession,
): PersonCaller => {
  const mustEnrol = totpRoles.includes(user.role) && !user.totp && user.hasPassword;
  return {
    kind: 'user',
    user,
    session,
    mustEnrol,
    role: user.role,
    scopes: new Set(mustEnrol ? [] : ROLE_SCOPES[user.role]),
    actor: actorOf('user', user.id, user.name),
  };
};

/** A key may do what its role may, narrowed to its own scopes when it names any. */
export const apiKeyCaller = (key: ApiKey): Caller => ({
  kind: 'api-key',
  key,
  role: key.role,
  scopes: new Set(
    ROLE_SCOPES[key.role].filter((scope) => key.scopes.length === 0 || key.scopes.includes(scope)),
  ),
  actor: actorOf('api-key', key.id, key.name),
});

export const CLI_CALLER: Caller = {
  kind: 'cli',
  role: 'owner',
  scopes: new Set(ROLE_SCOPES.owner),
  actor: actorOf('cli', 'cli', 'gatehouse command'),
};

export const SYSTEM_ACTOR: Actor = actorOf('system', 'system', 'Gatehouse');

/** Throws what the caller lacks; nothing is allowed that is not said here. */
export const checkAccess = (caller: Caller, access: Access): void => {
  if (access === 'public') return;
  if (caller.kind === 'nobody') throw new ProblemError('unauthenticated');
  if (access === 'signed-in') return;
  if (access === 'person') {
    if (caller.kind !== 'user')
      throw new ProblemError('forbidden', { detail: 'Only people have an account.' });
    return;
  }
  if (caller.kind === 'user' && caller.mustEnrol) throw new ProblemError('totp-required');
  const allowed = access === 'local' ? caller.kind === 'cli' : caller.scopes.has(access);
  if (!allowed) throw new ProblemError('forbidden', { detail: `This needs ${access}.` });
};

/** The first line of every service verb that is not public: who acts, or a problem. */
export const authorize = (ctx: Context, access: Exclude<Access, 'public'>): Actor => {
  checkAccess(ctx.caller, access);
  if (ctx.caller.kind === 'nobody') throw new ProblemError('unauthenticated');
  return ctx.caller.actor;
};

/** The first line of what people do with their own account: who it is, or a problem. */
export const authorizePerson = (ctx: Context): PersonCaller => {
  checkAccess(ctx.caller, 'person');
  if (ctx.caller.kind !== 'user') throw new ProblemError('forbidden');
  return ctx.caller;
};

/** Throws when a person has not proved for too long who they are. Keys and the command have nothing else to prove it with. */
export const checkConfirmed = ({ caller, house }: Context): void => {
  if (caller.kind !== 'user') return;
  if (house.clock.now() - caller.session.confirmedAt > CONFIRMED_MS)
    throw new ProblemError('confirmation-needed');
};

type AuditNote = Pick<AuditWrite, 'action' | 'target'> & {
  readonly before?: unknown;
  readonly after?: unknown;
};

/** Writes the audit row of a change into its transaction: both are stored, or neither. */
export const writeAudit = async (
  tx: Pick<Repositories, 'audit'>,
  ctx: Context,
  actor: Actor,
  note: AuditNote,
): Promise<void> => {
  await tx.audit.append({
    at: ctx.house.clock.now(),
    actor,
    action: note.action,
    target: note.target,
    before: note.before ?? null,
    after: note.after ?? null,
    ip: ctx.ip,
    requestId: ctx.requestId,
  });
};
