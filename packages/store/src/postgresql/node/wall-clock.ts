import type pg from 'pg';
import { StoreOpenError } from '@gatehouse/ports';

/** How far the clock of a node may be from the database's, milliseconds: leases and rows go by that one, tokens and certificates by its own. */
const CLOCK_APART_MS_MAX = 60_000;

/** How far `now` is ahead of the database's clock, milliseconds; less the time that asking took, which might be either's. */
export async function clockAhead(pool: pg.Pool, now: () => number): Promise<number> {
  const before = now();
  const { rows } = await pool.query<{ now: number }>(
    'SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS now',
  );
  const after = now();
  const theirs = rows[0]?.now ?? before;
  return theirs < before ? before - theirs : Math.min(0, after - theirs);
}

/** Undefined: near enough. */
export const clockProblem = (aheadMs: number): string | undefined =>
  Math.abs(aheadMs) <= CLOCK_APART_MS_MAX
    ? undefined
    : `The clock of this machine is ${inWords(Math.abs(aheadMs))} ${aheadMs > 0 ? 'ahead of' : 'behind'} the database's, by which all nodes go. Let both be set by NTP (chrony, systemd-timesyncd)`;

/** @throws StoreOpenError `clock` */
export async function checkClock(pool: pg.Pool, now: () => number): Promise<void> {
  const problem = clockProblem(await clockAhead(pool, now));
  if (problem !== undefined) throw new StoreOpenError('clock', `${problem}, then start this server again.`);
}

const MINUTE_MS = 60_000;
const MINUTES_WORTH_HOURS = 120;

function inWords(ms: number): string {
  const minutes = Math.round(ms / MINUTE_MS);
  if (minutes >= MINUTES_WORTH_HOURS) return `${String(Math.round(minutes / 60))} hours`;
  return minutes === 1 ? '1 minute' : `${String(minutes)} minutes`;
}
