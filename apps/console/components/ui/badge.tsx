import type { ReactNode } from 'react';
import { cx } from '@/lib/cx';

export type BadgeTone = 'neutral' | 'accent' | 'refused' | 'accepted' | 'ignored';

const TONES: Readonly<Record<BadgeTone, string>> = {
  neutral: 'border-line bg-sunken text-muted',
  accent: 'border-transparent bg-accent-soft text-accent',
  refused: 'border-transparent bg-refused-soft text-refused',
  accepted: 'border-transparent bg-accepted-soft text-accepted',
  ignored: 'border-transparent bg-ignored-soft text-ignored',
};

interface BadgeProps {
  readonly tone?: BadgeTone;
  readonly icon?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

/** Colour never stands alone: pass an icon with a tone that means something. */
export function Badge({ tone = 'neutral', icon, className, children }: BadgeProps) {
  return (
    <span
      className={cx(
        'inline-flex h-5 items-center gap-1 rounded-sm border px-1.5 text-xs font-medium whitespace-nowrap [&_svg]:size-3',
        TONES[tone],
        className,
      )}
    >
      {icon}
      {children}
    </span>
  );
}
