'use client';

import { ArrowUp } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useFormat, useText } from '@/lib/i18n';
import type { Live } from '@/lib/unauthorized/use-live';

/** News are told to screen readers at this pace at most. */
const ANNOUNCE_MS = 15_000;

/** "12 new": what came while the rows were held still. */
export function NewPill({ live }: { readonly live: Live }) {
  const { formatNumber } = useFormat();
  const t = useText('unauthorized');
  const { pending } = live;
  const text = t('live.new', { count: pending, shown: formatNumber(pending) });
  const said = useRarely(pending === 0 ? '' : text);
  return (
    <>
      <span role="status" className="sr-only">
        {said}
      </span>
      {pending > 0 && (
        <div className="pointer-events-none absolute inset-x-0 top-10 z-20 flex justify-center">
          <button
            type="button"
            onClick={live.release}
            className="pointer-events-auto flex h-7 animate-fade-in items-center gap-1.5 rounded-full bg-accent px-3 text-sm font-medium text-accent-fg shadow-pop hover:bg-accent-hover"
          >
            <ArrowUp aria-hidden className="size-3.5" />
            {text}
          </button>
        </div>
      )}
    </>
  );
}

/** The latest text, but not more often than every `ANNOUNCE_MS`. */
function useRarely(text: string): string {
  const [said, setSaid] = useState('');
  const latest = useRef(text);
  useEffect(() => {
    latest.current = text;
  });
  useEffect(() => {
    const timer = setInterval(() => setSaid(latest.current), ANNOUNCE_MS);
    return () => clearInterval(timer);
  }, []);
  return said;
}
