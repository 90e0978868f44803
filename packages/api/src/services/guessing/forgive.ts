import type { ForgiveBody } from '@gatehouse/contract';
import type { ControlEvent } from '@gatehouse/ports';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { manyTarget } from '../../present/audit-target.ts';
import { invalidField } from '../../problem.ts';

type Guesser = Extract<ForgiveBody, { readonly guessers: unknown }>['guessers'][number];
type Forgiveness = Extract<ControlEvent, { readonly kind: 'failures-forgiven' }>;

const EVERYBODY: Forgiveness = { kind: 'failures-forgiven', identities: null, ip: null };
/** Guessers whose names an audit entry holds; of more it holds the count. */
const NAMED_MAX = 20;

/** What has to be forgotten so that this guesser may try again at once. */
const forgivenessOf = (guesser: Guesser, index: number): Forgiveness => {
  const { kind, ip, identity, network } = guesser;
  const event = { kind: 'failures-forgiven' } as const;
  if (kind === 'network' && network !== null) return { ...event, identities: null, ip: null, network };
  if (kind === 'username' && identity !== null) return { ...event, identities: [identity], ip: null };
  if (kind === 'pair' && identity !== null && ip !== null) return { ...event, identities: [identity], ip };
  throw invalidField(`guessers.${index}`, `says not who it is: a ${kind} as the list tells it`);
};

/** A guesser as the console calls it: its name, and where it comes from. */
const targetOf = ({ ip, identity, network }: Guesser) => ({
  id: 'guessing',
  name: [identity?.value, ip ?? network].filter((part) => typeof part === 'string').join(' @ '),
});

/** Forgets the failures of guessers, or of everybody; they may try again at once. */
export const forgiveGuessers = async (ctx: Context, input: ForgiveBody): Promise<undefined> => {
  const actor = authorize(ctx, 'blocks:write');
  const { store, dataPlane } = ctx.house;
  const guessers = 'all' in input ? [] : input.guessers;
  const events = 'all' in input ? [EVERYBODY] : guessers.map(forgivenessOf);
  await store.transaction(async (tx) => {
    await tx.changeNotes.tell(events);
    await writeAudit(tx, ctx, actor, {
      action: 'guessing.forgive',
      target:
        'all' in input
          ? { kind: 'guessing', id: 'guessing', name: 'everybody' }
          : manyTarget('guessing', guessers.map(targetOf)),
      after:
        'all' in input ? { all: true } : { count: events.length, guessers: guessers.slice(0, NAMED_MAX) },
    });
  });
  for (const event of events) dataPlane.publish(event);
  return undefined;
};
