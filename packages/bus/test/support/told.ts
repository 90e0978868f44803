import type { Bus } from '@gatehouse/ports';

/** Resolves when the bus is in this state. */
export const whenUp = (bus: Bus, wanted = true): Promise<void> =>
  new Promise((resolve) => {
    if (bus.isUp === wanted) resolve();
    bus.onState((isUp) => {
      if (isUp === wanted) resolve();
    });
  });

/** What a bus was told, as text; `until` resolves with all of it as soon as the mark comes. */
export interface Told {
  readonly lines: string[];
  /** Lets `by` say a mark to this bus, which comes after whatever it said before. */
  readonly until: (by: Bus) => Promise<readonly string[]>;
}

/** Listens to everything of clients, and to the kinds named. */
export function hear(bus: Bus, kinds: readonly string[] = []): Told {
  const lines: string[] = [];
  const text = (payload: Uint8Array): string => Buffer.from(payload).toString();
  bus.onMessage((from, topic, payload) => lines.push(`${from} ${topic}: ${text(payload)}`));
  for (const kind of kinds) bus.on(kind, (from, payload) => lines.push(`${from} (${kind}) ${text(payload)}`));
  const marks = new Map<string, () => void>();
  bus.on('mark', (from) => marks.get(from)?.());
  return {
    lines,
    until: (by) =>
      new Promise((resolve) => {
        marks.set(by.node, () => {
          resolve(lines.splice(0));
        });
        by.send(bus.node, 'mark', bytes(''));
      }),
  };
}

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
