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

/**
 * Ready when the store answers, every listener that is enabled listens, and clients are let in. A journal with a problem is told, but reads
 * and QoS 0 go on without it; so is a bus that does not reach the other nodes, without which QoS 1 and 2 do. Public: it tells ports and which check failed, never what a database says.
 */
export const readiness = async (ctx: Context) => {
  const { store, dataPlane, config } = ctx.house;
  const enabledListeners = async (): Promise<void> => {
    const down = (await dataPlane.listeners()).filter(
      (one) => one.enabled && one.port === null && one.transport !== 'unix',
    );
    if (down.length > 0) throw new Error('a listener is down');
  };
  const writtenJournal = async (): Promise<void> => {
    if ((await dataPlane.stats()).journal.problem !== null) throw new Error('the journal is not written');
  };
  const openDoor = async (): Promise<void> => {
    if (!(await dataPlane.stats()).letsIn) throw new Error('clients are sent away');
  };
  const bus = async (): Promise<{ readonly bus?: Check }> => {
    const { isBusWell } = await dataPlane.stats();
    return isBusWell === null ? {} : { bus: isBusWell ? 'ok' : 'failed' };
  };
  const [storeCheck, listenerCheck, journalCheck, clientsCheck, busCheck] = await Promise.all([
    checked(() => store.ping()),
    checked(enabledListeners),
    checked(writtenJournal),
    checked(openDoor),
    bus(),
  ]);
  const ready = storeCheck === 'ok' && listenerCheck === 'ok' && clientsCheck === 'ok';
  return {
    status: ready ? ('ready' as const) : ('not-ready' as const),
    version: config.version,
    ports: { ...ctx.house.ports() },
    checks: {
      store: storeCheck,
      listeners: listenerCheck,
      journal: journalCheck,
      clients: clientsCheck,
      ...busCheck,
    },
  };
};
