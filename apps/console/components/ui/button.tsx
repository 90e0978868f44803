import type { ComponentProps, ReactNode } from 'react';
import { cx } from '@/lib/cx';

export type ButtonTone = 'neutral' | 'primary' | 'danger' | 'quiet';

const TONES: Readonly<Record<ButtonTone, string>> = {
  neutral: 'border-line-strong bg-surface text-fg hover:bg-hover',
  primary: 'border-transparent bg-accent text-accent-fg hover:bg-accent-hover',
  danger: 'border-line-strong bg-surface text-refused hover:bg-refused-soft hover:border-refused',
  quiet: 'border-transparent bg-transparent text-muted hover:bg-hover hover:text-fg',
};

const SIZES = { sm: 'h-7 px-2.5 text-sm gap-1.5', md: 'h-8 px-3 text-base gap-2' } as const;

const base =
  'inline-flex shrink-0 items-center justify-center rounded-md border font-medium whitespace-nowrap transition-colors duration-150 disabled:opacity-50 disabled:pointer-events-none';

/** The same look for links that act as buttons. */
export const buttonClass = (
  tone: ButtonTone = 'neutral',
  size: keyof typeof SIZES = 'md',
  className?: string,
): string => cx(base, TONES[tone], SIZES[size], className);

interface ButtonProps extends ComponentProps<'button'> {
  readonly tone?: ButtonTone;
  readonly size?: keyof typeof SIZES;
  /** Shows a spinner and takes no second click. */
  readonly busy?: boolean;
  readonly icon?: ReactNode;
}

export function Button({
  tone,
  size,
  busy = false,
  icon,
  className,
  children,
  disabled,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled === true || busy}
      aria-busy={busy}
      className={buttonClass(tone, size, className)}
    >
      {busy ? <Spinner /> : icon}
      {children}
    </button>
  );
}

export function Spinner() {
  return (
    <span
      aria-hidden
      className="size-3.5 animate-spin rounded-full border-2 border-current border-t-transparent opacity-70"
    />
  );
}

interface IconButtonProps extends ComponentProps<'button'> {
  /** Said by screen readers and shown as tip. */
  readonly label: string;
  readonly tone?: ButtonTone;
}

export function IconButton({ label, tone = 'quiet', className, children, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      data-tip={label}
      {...rest}
      className={cx(base, TONES[tone], 'size-7 [&_svg]:size-4', className)}
    >
      {children}
    </button>
  );
}
