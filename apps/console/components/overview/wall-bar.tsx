'use client';

import { Minimize2, Unplug } from 'lucide-react';
import Link from 'next/link';
import { useEffect } from 'react';
import { Wordmark } from '@/components/brand';
import { noteInput } from '@/lib/activity';
import { useFormat, useText } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { useSession } from '@/lib/session';

/** Older numbers are told to be old even where no read has failed: one may hang. */
const STALE_AFTER_MS = 30_000;
/** Well within what counts as idle. */
const PRESENT_EVERY_MS = 20_000;

interface WallBarProps {
  /** When the server made the numbers. */
  readonly asOf: string | undefined;
  readonly failed: boolean;
}

/** The head of the wall: the clock, of when the numbers are, and in plain words when they are old. */
export function WallBar({ asOf, failed }: WallBarProps) {
  const { formatClock, formatRelative } = useFormat();
  const t = useText('overview');
  const now = useNow();
  const stale = asOf !== undefined && (failed || now - Date.parse(asOf) > STALE_AFTER_MS);
  useAwake();
  const kept = useKeptSession();
  return (
    <header data-wall className="flex flex-col gap-2">
      <h1 className="sr-only">{t('title')}</h1>
      <div className="flex flex-wrap items-center gap-x-5 gap-y-1">
        <Wordmark />
        {!kept && <span className="text-sm text-muted">{t('wall.viewer')}</span>}
        <span className="ms-auto text-sm text-muted" role="status">
          {asOf === undefined ? t('wall.waiting') : t('wall.asOf', { time: formatClock(Date.parse(asOf)) })}
        </span>
        <time className="nums text-2xl font-semibold" suppressHydrationWarning>
          {formatClock(now)}
        </time>
        <Link
          href="/"
          prefetch={false}
          aria-label={t('wall.leave')}
          data-tip={t('wall.leave')}
          className="rounded-md p-1 text-faint hover:bg-hover hover:text-fg"
        >
          <Minimize2 aria-hidden className="size-4" />
        </Link>
      </div>
      {stale && (
        <p
          role="alert"
          className="flex items-center gap-3 rounded-md border-2 border-refused bg-refused-soft px-4 py-2 text-xl font-semibold"
        >
          <Unplug aria-hidden className="size-6 shrink-0 text-refused" />
          {t('wall.stale', { age: formatRelative(asOf, now), time: formatClock(Date.parse(asOf)) })}
        </p>
      )}
    </header>
  );
}

/** Keeps the screen on; a lock is lost when the page is hidden, and taken again when it is back. */
function useAwake(): void {
  useEffect(() => {
    let gone = false;
    let held: WakeLockSentinel | undefined;
    const ask = async (): Promise<void> => {
      if (document.hidden || !('wakeLock' in navigator)) return;
      // Refused on low battery, and then the screen sleeps as the machine says.
      held = await navigator.wakeLock.request('screen').catch(() => undefined);
      if (gone) await held?.release();
    };
    const back = (): void => void ask();
    back();
    document.addEventListener('visibilitychange', back);
    return () => {
      gone = true;
      document.removeEventListener('visibilitychange', back);
      void held?.release();
    };
  }, []);
}

/**
 * A viewer's wall stays signed in though nobody touches it. Anybody else's does not: whoever passes by could do with the
 * page what its person may do.
 */
function useKeptSession(): boolean {
  const kept = useSession().role === 'viewer';
  useEffect(() => {
    if (!kept) return;
    const timer = setInterval(noteInput, PRESENT_EVERY_MS);
    return () => clearInterval(timer);
  }, [kept]);
  return kept;
}
