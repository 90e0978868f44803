import type { WatchDto, WatchEntryDto, WatchReadDto } from '@gatehouse/contract';

/** A watch and what it holds, newest first. */
export interface Watched {
  readonly watch: WatchDto;
  readonly attempts: readonly WatchEntryDto[];
}

/** The sequence after which to ask for more; 0 for all. */
export const lastSequence = (before: Watched | undefined): number => before?.attempts[0]?.sequence ?? 0;

/** What was read before with what has come since; attempts that the server let go of are gone here too. */
export function withNewAttempts(before: Watched | undefined, answer: WatchReadDto): Watched {
  const newest = answer.items.toReversed();
  const oldest = newest.at(-1)?.sequence ?? Number.POSITIVE_INFINITY;
  const known = (before?.attempts ?? []).filter(({ sequence }) => sequence < oldest);
  return { watch: answer.watch, attempts: [...newest, ...known].slice(0, answer.watch.entries) };
}

const BYTE = /[0-9a-f]{2}(?=[0-9a-f])/g;

/** "10 2a 00": bytes apart, so that a long packet wraps between them. */
export const spacedHex = (hex: string): string => hex.replace(BYTE, '$& ');

/** "14:03" until `untilIso`, never below zero. */
export function remaining(untilIso: string, now: number): string {
  const seconds = Math.max(0, Math.ceil((Date.parse(untilIso) - now) / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
