import type { WatchDto, WatchEntryDto } from '@gatehouse/contract';
import type { Watch, WatchEntry } from '@gatehouse/ports';
import { iso } from './time.ts';

export const presentWatch = (watch: Watch, now: number): WatchDto => ({
  ...watch,
  target: { ...watch.target },
  startedAt: iso(watch.startedAt),
  until: iso(watch.until),
  running: watch.until > now,
});

export const presentWatchEntry = (entry: WatchEntry): WatchEntryDto => ({ ...entry, at: iso(entry.at) });
