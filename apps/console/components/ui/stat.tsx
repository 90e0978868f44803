import Link from 'next/link';
import type { ReactNode } from 'react';
import { cx } from '@/lib/cx';

interface StatProps {
  readonly label: ReactNode;
  readonly value: ReactNode;
  readonly unit?: ReactNode;
  readonly note?: ReactNode;
  /** The rows behind the number. */
  readonly href?: string;
  /** How it stands against the period before. */
  readonly change?: ReactNode;
  readonly icon?: ReactNode;
  readonly tone?: 'neutral' | 'refused' | 'accepted' | 'ignored';
  /** A sparkline, drawn in the corner. */
  readonly trend?: ReactNode;
}

const TONES = {
  neutral: 'text-muted',
  refused: 'text-refused',
  accepted: 'text-accepted',
  ignored: 'text-ignored',
} as const;

/** One number that matters, its name above and what it is made of below. */
export function Stat({ label, value, unit, note, href, change, icon, tone = 'neutral', trend }: StatProps) {
  return (
    <div className="card relative flex min-w-0 flex-col gap-0.5 overflow-hidden px-4 py-3">
      <div className="flex items-center gap-1.5 text-sm text-muted">
        {icon !== undefined && <span className={cx('[&_svg]:size-3.5', TONES[tone])}>{icon}</span>}
        {label}
      </div>
      <div className="flex items-baseline gap-1.5">
        <span className="nums text-2xl font-semibold tracking-tight">
          {href === undefined ? (
            value
          ) : (
            <Link href={href} prefetch={false} className="hover:underline">
              <span className="sr-only">{label} </span>
              {value}
            </Link>
          )}
        </span>
        {unit !== undefined && <span className="text-sm text-muted">{unit}</span>}
      </div>
      {note !== undefined && <div className="text-xs text-muted">{note}</div>}
      {change}
      {trend !== undefined && (
        <div className="pointer-events-none absolute top-9 end-3 hidden w-20 opacity-70 sm:block">
          {trend}
        </div>
      )}
    </div>
  );
}
