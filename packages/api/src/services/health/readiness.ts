import type { Context } from '../../context.ts';

type Check = 'ok' | 'failed';

const checked = async (work: () => Promise<unknown>): Promise<Check> => {
  try {
    await work();
    return 'ok';
  } catch {
    return 'failed';
  }
};

/** Ready when the store answers and every listener that is enabled listens. Public: it tells ports and no more. */
export const readiness = async (ctx: Context) => {
  const { store, dataPlane, config } = ctx.house;
  const enabledListeners = async (): Promise<void> => {
    const down = (await dataPlane.listeners()).filter(
      (one) => one.enabled && one.port === null && one.transport !== 'unix',
    );
    if (down.length > 0) throw new Error('a listener is down');
  };
  const [storeCheck, listenerCheck] = await Promise.all([
    checked(() => store.ping()),
    checked(enabledListeners),
  ]);
  const ready = storeCheck === 'ok' && listenerCheck === 'ok';
  return {
    status: ready ? ('ready' as const) : ('not-ready' as const),
    version: config.version,
    ports: { ...ctx.house.ports() },
    checks: { store: storeCheck, listeners: listenerCheck },
  };
};
