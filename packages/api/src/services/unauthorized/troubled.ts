import type { TroubledClientsDto } from '@gatehouse/contract';
import type { TroubledClient } from '@gatehouse/ports';
import { authorize, type Context } from '../../context.ts';
import { iso } from '../../present/time.ts';
import { isRapid } from './causes/common.ts';
import { fact, inference, type Statement } from './statement.ts';

/** Regular enough to be a machine's. */
const REGULARITY_MIN = 0.8;

/** What was seen of a troubled client, and what is probably behind it. */
function troubleStatements(client: TroubledClient): Statement[] {
  const { trouble, logins, takeovers, ips, interval } = client;
  const since = iso(client.since);
  const often =
    trouble === 'takeover-war'
      ? fact(
          'taken-over',
          { takeovers, logins, since },
          `${takeovers} of ${logins} logins since ${since} ended another connection of the same client ID.`,
        )
      : fact('logged-in-often', { logins, since }, `It has logged in ${logins} times since ${since}.`);
  return [often, ...causeOf(trouble, ips.length), ...rhythmOf(interval)];
}

const causeOf = (trouble: TroubledClient['trouble'], addresses: number): Statement[] => {
  if (trouble === 'connect-loop') {
    const text =
      'It is let in and leaves again: probably it is denied what it publishes or subscribes to, answers too late, or is restarted.';
    return [inference('loop-cause', {}, text)];
  }
  return addresses > 1
    ? [
        inference(
          'war-addresses',
          { addresses },
          `It comes from ${addresses} addresses: probably two devices have the same client ID.`,
        ),
      ]
    : [
        inference(
          'war-one-address',
          {},
          'It comes from one address: probably one program connects twice, or two devices behind one router have the same client ID.',
        ),
      ];
};

const rhythmOf = (interval: TroubledClient['interval']): Statement[] => {
  if (interval === null || interval.regularity < REGULARITY_MIN) return [];
  if (isRapid(interval)) {
    return [inference('rhythm-rapid', {}, 'Several times a second: probably a program.')];
  }
  const seconds = Math.round(interval.medianSeconds * 10) / 10;
  return [inference('rhythm', { seconds }, `Every ${seconds} s, like clockwork: probably a retry loop.`)];
};

/** Clients that are let in and fail all the same (auth.md §10). */
export const listTroubled = async (ctx: Context): Promise<TroubledClientsDto> => {
  authorize(ctx, 'unauthorized:read');
  const { items, complete } = await ctx.house.dataPlane.listTroubled();
  return {
    items: items.map((client) => ({
      ...client,
      since: iso(client.since),
      lastAt: iso(client.lastAt),
      ips: [...client.ips],
      statements: troubleStatements(client),
    })),
    complete,
  };
};
