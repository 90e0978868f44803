import type { ComponentProps, ReactNode } from 'react';
import { buttonClass, type ButtonSize, type ButtonTone } from './button-class';

export { buttonClass };

interface ButtonProps extends ComponentProps<'button'> {
  readonly tone?: ButtonTone;
  readonly size?: ButtonSize;
  /** Shows a spinner and takes no second click; it keeps the focus, which a disabled button would lose. */
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
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled}
      aria-disabled={busy || undefined}
      aria-busy={busy}
      // Prevented too: the click of a submit button sends its form, and Enter in a field is such a click.
      onClick={busy ? (event) => event.preventDefault() : onClick}
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
      className={buttonClass(tone, 'icon', className)}
    >
      {children}
    </button>
  );
}
