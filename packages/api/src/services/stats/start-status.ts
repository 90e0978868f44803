import type { BrokerStats, ListenerStatus, Store } from '@gatehouse/ports';
import { z } from 'zod';
import { authorize, type Context } from '../../context.ts';

const SETTING = 'start.seen';
const seen = z.object({ accepted: z.boolean(), refused: z.boolean() });
type Seen = z.output<typeof seen>;

const readSeen = async (store: Pick<Store, 'settings'>): Promise<Seen> => {
  const parsed = seen.safeParse(await store.settings.get(SETTING));
  return parsed.success ? parsed.data : { accepted: false, refused: false };
};

/** Remembers the first good and the first refused connect beyond a restart and beyond retention. */
export const noteFirsts = async (store: Pick<Store, 'settings'>, stats: BrokerStats): Promise<void> => {
  const known = await readSeen(store);
  const now = {
    accepted: known.accepted || stats.auth.accepted > 0,
    refused: known.refused || stats.auth.refused > 0,
  };
  if (now.accepted !== known.accepted || now.refused !== known.refused)
    await store.settings.set(SETTING, now);
};

const WEB_SOCKET_PATH = '/mqtt';
const WILDCARDS = new Set(['0.0.0.0', '::', '']);

const portOf = (
  listeners: readonly ListenerStatus[],
  transport: ListenerStatus['transport'],
): number | null => listeners.find((one) => one.enabled && one.transport === transport)?.port ?? null;

const hostOf = (ctx: Context, listeners: readonly ListenerStatus[]): string => {
  const bound = listeners.find((one) => one.enabled && one.port !== null)?.host ?? '';
  return ctx.house.config.mqttHost ?? (WILDCARDS.has(bound) ? 'localhost' : bound);
};

/** How far getting started has come; the page ticks itself from this. */
export const getStartStatus = async (ctx: Context) => {
  authorize(ctx, 'stats:read');
  const { store, dataPlane, config } = ctx.house;
  const [listeners, stats, credentials, known] = await Promise.all([
    dataPlane.listeners(),
    dataPlane.stats(),
    store.credentials.count(),
    readSeen(store),
  ]);
  return {
    listenerUp: listeners.some((one) => one.enabled && one.port !== null),
    firstCredential: credentials > 0,
    firstGoodConnect: known.accepted || stats.auth.accepted > 0,
    firstRefusedConnect: known.refused || stats.auth.refused > 0,
    configFile: config.configFile ?? null,
    mqtt: {
      host: hostOf(ctx, listeners),
      tcpPort: portOf(listeners, 'tcp'),
      tlsPort: portOf(listeners, 'tls'),
      wsPort: portOf(listeners, 'ws'),
      wssPort: portOf(listeners, 'wss'),
      wsPath: config.webSocketPaths?.ws ?? WEB_SOCKET_PATH,
      wssPath: config.webSocketPaths?.wss ?? WEB_SOCKET_PATH,
      ownCa: {
        tls: config.ownCa?.listeners.includes('tls') ?? false,
        wss: config.ownCa?.listeners.includes('wss') ?? false,
      },
    },
  };
};
