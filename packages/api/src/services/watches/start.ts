import { isIPv6 } from 'node:net';
import type { watchBody, WatchDto } from '@gatehouse/contract';
import type { WatchTarget } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { presentWatch } from '../../present/watch.ts';
import { ProblemError } from '../../problem.ts';

/** In the form in which connections report their address. */
const canonicalIp = (ip: string): string =>
  isIPv6(ip) ? new URL(`http://[${ip}]`).hostname.slice(1, -1) : ip;

const targetOf = ({ clientId, ip = '' }: z.output<typeof watchBody>): WatchTarget =>
  clientId === undefined ? { kind: 'ip', value: canonicalIp(ip) } : { kind: 'clientId', value: clientId };

/** Starts to follow one client ID or address; who does so is noted first. */
export const startWatch = async (ctx: Context, body: z.output<typeof watchBody>): Promise<WatchDto> => {
  const actor = authorize(ctx, 'unauthorized:watch');
  const { store, dataPlane, clock } = ctx.house;
  const target = targetOf(body);
  await store.transaction((tx) =>
    writeAudit(tx, ctx, actor, {
      action: 'watch.start',
      target: { kind: target.kind, id: target.value, name: target.value },
    }),
  );
  const watch = await dataPlane.startWatch(target);
  if (watch === null) {
    throw new ProblemError('too-many-requests', { detail: 'No more watches fit; end one first.' });
  }
  return presentWatch(watch, clock.now());
};
