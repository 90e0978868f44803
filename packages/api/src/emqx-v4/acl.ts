import type { AccessWho } from '@gatehouse/auth-core';
import { createAccessRule as createBody } from '@gatehouse/contract';
import type { StoredAccessRule } from '@gatehouse/ports';
import { authorize, type Context } from '../context.ts';
import { ProblemError } from '../problem.ts';
import { createAccessRule } from '../services/access/create.ts';
import { deleteAccessRule } from '../services/access/delete.ts';

/** Whom a rule of EMQX's built-in ACL is about. */
export type AclWho = { readonly clientid: string } | { readonly username: string } | { readonly all: '$all' };

/** A rule as EMQX's lists tell it. */
export type ListedAcl = AclWho & {
  readonly topic: string;
  readonly action: 'pub' | 'sub' | 'pubsub';
  readonly access: 'allow' | 'deny';
};

/** Its words for an action, and ours. */
const ACTIONS = { pub: 'publish', sub: 'subscribe', pubsub: 'all' } as const;
type Action = keyof typeof ACTIONS;
const WORDS = { publish: 'pub', subscribe: 'sub', all: 'pubsub' } as const;

const isAction = (value: unknown): value is Action =>
  typeof value === 'string' && Object.hasOwn(ACTIONS, value);

const whoOf = (who: AccessWho): AclWho | undefined => {
  if (who === 'all') return { all: '$all' };
  if ('clientId' in who) return { clientid: who.clientId };
  return 'username' in who ? { username: who.username } : undefined;
};

const ourWho = (who: AclWho): AccessWho => {
  if ('clientid' in who) return { clientId: who.clientid };
  return 'username' in who ? { username: who.username } : 'all';
};

/** The rule in EMQX's form; undefined: it says more than that form can. */
function listed({ who, topics, action, permission, qos, retain }: StoredAccessRule): ListedAcl | undefined {
  const about = whoOf(who);
  const [topic, ...others] = topics;
  if (about === undefined || topic === undefined || others.length > 0) return undefined;
  if (qos !== undefined || retain !== undefined) return undefined;
  return { ...about, topic, action: WORDS[action], access: permission };
}

interface Found {
  readonly rule: StoredAccessRule;
  readonly acl: ListedAcl;
}

/** The rules of the global list that EMQX's form can tell, in the order in which they are asked. */
async function allOf({ house }: Context): Promise<readonly Found[]> {
  return (await house.store.accessRules.all()).flatMap((rule) => {
    const acl = listed(rule);
    return acl === undefined ? [] : [{ rule, acl }];
  });
}

export const isAbout = (acl: ListedAcl, who: AclWho): boolean => {
  if ('clientid' in who) return 'clientid' in acl && acl.clientid === who.clientid;
  if ('username' in who) return 'username' in acl && acl.username === who.username;
  return 'all' in acl;
};

export async function listAcl(ctx: Context): Promise<readonly ListedAcl[]> {
  authorize(ctx, 'access:read');
  return (await allOf(ctx)).map(({ acl }) => acl);
}

/** `error`: with what is wrong. */
export type AddedAcl = { readonly result: 'ok' } | { readonly result: 'invalid'; readonly message: string };

const invalid = (message: string): AddedAcl => ({ result: 'invalid', message });

/** Whom an item of a request is about: `clientid`, `username`, or everybody. */
const whoOfItem = (item: Readonly<Record<string, unknown>>): AclWho | undefined => {
  const { clientid, username } = item;
  if (clientid !== undefined)
    return typeof clientid === 'string' && clientid !== '' ? { clientid } : undefined;
  if (username !== undefined)
    return typeof username === 'string' && username !== '' ? { username } : undefined;
  return { all: '$all' };
};

/**
 * Adds a rule through the verb that console and API use. As there, a newer rule is asked before an older one: it goes in
 * front of the first that this API can tell. One of the same client, topic and action is replaced.
 */
export async function addAcl(ctx: Context, item: Readonly<Record<string, unknown>>): Promise<AddedAcl> {
  authorize(ctx, 'access:write');
  const who = whoOfItem(item);
  const { topic, action, access } = item;
  if (who === undefined) return invalid('clientid and username must be texts that are not empty');
  if (typeof topic !== 'string' || topic === '') return invalid('topic must be a text that is not empty');
  if (!isAction(action)) return invalid('action must be pub, sub or pubsub');
  if (access !== 'allow' && access !== 'deny') return invalid('access must be allow or deny');
  const found = await allOf(ctx);
  for (const { rule, acl } of found) {
    if (isAbout(acl, who) && acl.topic === topic && acl.action === action)
      await deleteAccessRule(ctx, rule.id);
  }
  const body = createBody.safeParse({
    phase: 'before',
    index: await placeOf(ctx),
    permission: access,
    who: ourWho(who),
    action: ACTIONS[action],
    topics: [topic],
  });
  if (!body.success) return invalid(body.error.issues.map(({ message }) => message).join('; '));
  try {
    await createAccessRule(ctx, body.data);
    return { result: 'ok' };
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'invalid-input')
      return invalid(error.errors[0]?.message ?? error.message);
    throw error;
  }
}

/** Rules that say more than EMQX's can stay in front of those that do not. */
async function placeOf({ house }: Context): Promise<number | undefined> {
  const before = (await house.store.accessRules.all()).filter(({ phase }) => phase === 'before');
  const at = before.findIndex((rule) => listed(rule) !== undefined);
  return at === -1 ? undefined : at;
}

/** Idempotent, as EMQX's. */
export async function removeAcl(ctx: Context, who: AclWho, topic: string): Promise<void> {
  authorize(ctx, 'access:write');
  for (const { rule, acl } of await allOf(ctx)) {
    if (isAbout(acl, who) && acl.topic === topic) await deleteAccessRule(ctx, rule.id);
  }
}
