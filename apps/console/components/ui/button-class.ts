import { cx } from '@/lib/cx';

export type ButtonTone = 'neutral' | 'primary' | 'danger' | 'quiet';

const TONES: Readonly<Record<ButtonTone, string>> = {
  neutral: 'border-line-strong bg-surface text-fg hover:bg-hover',
  primary: 'border-transparent bg-accent text-accent-fg hover:bg-accent-hover',
  danger: 'border-line-strong bg-surface text-refused hover:bg-refused-soft hover:border-refused',
  quiet: 'border-transparent bg-transparent text-muted hover:bg-hover hover:text-fg',
};

const SIZES = {
  sm: 'h-7 px-2.5 text-sm gap-1.5',
  md: 'h-8 px-3 text-base gap-2',
  icon: 'size-7 [&_svg]:size-4',
} as const;
export type ButtonSize = keyof typeof SIZES;

const BASE =
  'inline-flex shrink-0 items-center justify-center rounded-md border font-medium whitespace-nowrap transition-colors duration-150 disabled:opacity-50 disabled:pointer-events-none aria-disabled:opacity-50 aria-disabled:pointer-events-none';

/** The look of a button, for links that act as one and for buttons themselves. */
export const buttonClass = (
  tone: ButtonTone = 'neutral',
  size: ButtonSize = 'md',
  className?: string,
): string => cx(BASE, TONES[tone], SIZES[size], className);
