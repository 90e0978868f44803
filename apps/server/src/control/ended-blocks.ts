import type { DataPlane, Store } from '@gatehouse/ports';
import type { Logger } from 'pino';

/** Milliseconds that a block which has ended can still be seen, and extended. */
const KEPT_MS = 7 * 86_400_000;
/** Milliseconds between two rounds. */
const ROUND_MS = 600_000;

/** Removes blocks that ended a week ago. */
export function sweepEndedBlocks(
  store: Pick<Store, 'blocks'>,
  dataPlane: Pick<DataPlane, 'publish'>,
  log: Pick<Logger, 'warn'>,
): { readonly stop: () => Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  const round = async (): Promise<void> => {
    try {
      const removed = await store.blocks.sweep(Date.now() - KEPT_MS);
      if (removed.length > 0) dataPlane.publish({ kind: 'blocks-changed', put: [], removed });
    } catch (error) {
      log.warn({ err: error }, 'blocks that ended could not be removed; it is tried again');
    }
  };
  const timer = setInterval(() => {
    running = round();
  }, ROUND_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
