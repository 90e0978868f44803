'use client';

import { useEffect, useState } from 'react';
import { setConfirmer } from '@/lib/confirm-self';
import { ConfirmSelfDialog } from './confirm-self-dialog';
import { watchActivity } from './watch-activity';

/** What runs beside every page and nothing waits for: notes whether somebody is there, and is where calls that ask for a proof of oneself get it; several at once are answered by one dialog. */
export function ConfirmSelf() {
  const [waiting, setWaiting] = useState<readonly ((isConfirmed: boolean) => void)[]>([]);
  useEffect(watchActivity, []);
  useEffect(() => {
    setConfirmer(() => new Promise((resolve) => setWaiting((now) => [...now, resolve])));
    return () => setConfirmer(null);
  }, []);
  if (waiting.length === 0) return null;
  return (
    <ConfirmSelfDialog
      onEnd={(isConfirmed) => {
        setWaiting([]);
        for (const resolve of waiting) resolve(isConfirmed);
      }}
    />
  );
}
