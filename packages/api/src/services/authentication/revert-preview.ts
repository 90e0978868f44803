import type { RevertPreviewDto } from '@gatehouse/contract';
import { authorize, type Context } from '../../context.ts';
import { iso } from '../../present/time.ts';
import { ProblemError } from '../../problem.ts';
import { getAnonymous } from './anonymous.ts';
import { getChain } from './chains.ts';
import { lastChange, type SetupKind } from './last-change.ts';
import type { Secrets } from './secrets.ts';
import { readStored, unseal } from './stored.ts';

type Field = RevertPreviewDto['fields'][number];
type Tree = Readonly<Record<string, unknown>>;

/** What a revert of a chain would bring back; nothing is changed. */
export const previewChainRevert = async (ctx: Context, name: string): Promise<RevertPreviewDto> => {
  authorize(ctx, 'authentication:write');
  const { steps, previous, version } = await getChain(ctx, name);
  if (previous === null) throw nothingBefore();
  const fields = fieldsOf({ steps }, { steps: previous });
  return { version, change: await changeOf(ctx, 'chain', name), fields };
};

/** What a revert of an authenticator would bring back; of secrets only that they would become others. */
export const previewAuthenticatorRevert = async (ctx: Context, name: string): Promise<RevertPreviewDto> => {
  authorize(ctx, 'authentication:write');
  const { auth, store } = ctx.house;
  const { [name]: current } = (await readStored(store)).authenticators;
  const isDeclared = Object.hasOwn(auth.declared.authenticators, name);
  if (isDeclared || current?.previous === undefined) throw nothingBefore();
  const { settings, sealed, previous, version } = current;
  const fields = [
    ...fieldsOf(settings, previous.settings),
    ...secretFields(unseal(auth.box, sealed) ?? {}, unseal(auth.box, previous.sealed) ?? {}),
  ];
  return { version, change: await changeOf(ctx, 'authenticator', name), fields };
};

/** What a revert of the anonymous policy would bring back; nothing is changed. */
export const previewAnonymousRevert = async (ctx: Context): Promise<RevertPreviewDto> => {
  authorize(ctx, 'authentication:write');
  const { policy, previous, version } = await getAnonymous(ctx);
  if (previous === null) throw nothingBefore();
  const fields = fieldsOf({ policy }, { policy: previous });
  return { version, change: await changeOf(ctx, 'anonymous', 'anonymous'), fields };
};

const nothingBefore = (): ProblemError =>
  new ProblemError('not-found', { detail: 'Nothing is kept from before: there is no change to revert.' });

async function changeOf(ctx: Context, kind: SetupKind, name: string): Promise<RevertPreviewDto['change']> {
  const entry = await lastChange(ctx.house.store, kind, name);
  return entry === undefined ? null : { action: entry.action, at: iso(entry.at), by: entry.actor.name };
}

/** What differs, by dotted path; a list is one value. */
function fieldsOf(now: Tree, back: Tree): Field[] {
  const [before, after] = [new Map(leavesOf(now)), new Map(leavesOf(back))];
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((path) => ({
      path,
      now: before.get(path) ?? null,
      back: after.get(path) ?? null,
      secret: null,
    }))
    .filter((field) => JSON.stringify(field.now) !== JSON.stringify(field.back));
}

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const leavesOf = (tree: Tree, at: readonly string[] = []): readonly (readonly [string, unknown])[] =>
  Object.entries(tree).flatMap(([name, value]) =>
    isTree(value) ? leavesOf(value, [...at, name]) : [[[...at, name].join('.'), value] as const],
  );

function secretFields(now: Secrets, back: Secrets): Field[] {
  return [...new Set([...Object.keys(now), ...Object.keys(back)])]
    .filter((path) => JSON.stringify(now[path]) !== JSON.stringify(back[path]))
    .map((path) => ({
      path,
      now: null,
      back: null,
      secret: now[path] === undefined ? 'set' : back[path] === undefined ? 'removed' : 'other',
    }));
}
