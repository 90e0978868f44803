import type { RetainedLeft } from '@gatehouse/ports';
import type { BrokerContext } from '../context.ts';
import { isExpired, type Message } from '../router/message.ts';
import { readRetained } from './recovery.ts';

/**
 * Retained messages that several nodes have left come into the journal of the one that runs by itself now: left where they
 * are they would come back, old, when there are several again. What finds no room stays there.
 */
export async function takeRetained(
  { retained, journal, clock, log }: Pick<BrokerContext, 'retained' | 'journal' | 'clock' | 'log'>,
  left: RetainedLeft,
): Promise<void> {
  const read = (topic: string, bytes: Uint8Array): Message | undefined | 'unreadable' => {
    try {
      return readRetained(bytes, clock);
    } catch (err) {
      log.error({ err, topic }, 'a retained message of several nodes cannot be read: it is left where it is');
      return 'unreadable';
    }
  };
  const known = new Set(retained.messages().map(({ topic }) => topic));
  const taken: string[] = [];
  for (const { topic, bytes } of await left.read()) {
    const message = read(topic, bytes);
    if (message === 'unreadable') continue;
    if (message === undefined || isExpired(message, clock) || known.has(topic)) taken.push(topic);
    else if (retained.restore(message)) {
      journal.retained(message);
      taken.push(topic);
    } else log.warn({ topic }, 'a retained message of several nodes finds no room here: a limit is lower');
  }
  await journal.settled();
  if (journal.isFailing) {
    log.warn(
      { retained: taken.length },
      'retained messages of several nodes are kept for the next start, too: the journal cannot be written',
    );
    return;
  }
  await left.forget(taken);
  if (taken.length > 0) log.info({ retained: taken.length }, 'retained messages of several nodes are here');
}
