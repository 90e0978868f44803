'use client';

import { X } from 'lucide-react';
import { startTransition, useId, useRef, type ReactNode } from 'react';
import { cx } from '@/lib/cx';
import { useText } from '@/lib/i18n';
import { IconButton } from './button';
import { useDialogFocus } from './dialog-focus';

interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  readonly description?: ReactNode;
  /** Buttons, right-aligned, below the content. */
  readonly footer?: ReactNode;
  /** Replaces what stands beside the close button. */
  readonly actions?: ReactNode;
  /** `drawer`: full height at the side. `plain`: no header of its own. */
  readonly variant?: 'center' | 'drawer' | 'left';
  readonly size?: 'sm' | 'md' | 'lg';
  /** False: the page behind stays usable (a drawer beside a table). Escape still closes. */
  readonly modal?: boolean;
  /** Escape and backdrop do not close: for what is shown only once. */
  readonly sticky?: boolean;
  readonly children: ReactNode;
}

const WIDTHS = { sm: 'max-w-md', md: 'max-w-xl', lg: 'max-w-3xl' } as const;
const VARIANTS = {
  center:
    'm-auto max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] rounded-xl border border-line-strong animate-fade-in',
  drawer:
    'fixed inset-y-0 end-0 start-auto m-0 h-dvh max-h-none w-full border-s border-line-strong animate-slide-in',
  left: 'fixed inset-y-0 end-auto start-0 m-0 h-dvh max-h-none w-72 border-e border-line-strong animate-fade-in',
} as const;

/**
 * The browser's own dialog: it traps focus, makes the rest inert, closes on Escape and sits in the top layer; where the
 * focus goes is in `useDialogFocus`. Content is mounted only while open.
 */
export function Dialog(props: DialogProps) {
  const { open, modal = true, sticky = false, variant = 'center', size = 'md' } = props;
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // Closing makes the page behind live again, which costs a new style for each of its elements: not in the frame of the key.
  const onClose = (): void => startTransition(props.onClose);
  const focus = useDialogFocus(ref, { open, modal, fieldsFirst: variant !== 'drawer' });
  if (!open) return null;
  return (
    <dialog
      ref={ref}
      aria-labelledby={titleId}
      {...focus}
      onCancel={(event) => {
        event.preventDefault();
        if (!sticky) onClose();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        // A dialog inside a drawer must not take the drawer with it, and what is shown once not even itself.
        event.stopPropagation();
        if (sticky) event.preventDefault();
        else if (!modal && !event.defaultPrevented) onClose();
      }}
      onPointerDown={(event) => {
        if (modal && !sticky && event.target === event.currentTarget) onClose();
      }}
      className={cx(
        'overflow-hidden bg-raised p-0 text-start font-normal whitespace-normal text-fg shadow-pop backdrop:bg-[rgb(0_0_0/0.45)]',
        VARIANTS[variant],
        variant === 'left' ? '' : WIDTHS[size],
        !modal && 'z-40',
      )}
    >
      <div className={cx('flex flex-col', variant === 'center' ? 'max-h-[calc(100dvh-2rem)]' : 'h-full')}>
        <DialogHeader {...props} onClose={onClose} titleId={titleId} />
        <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">{props.children}</div>
        {props.footer !== undefined && (
          <div className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">
            {props.footer}
          </div>
        )}
      </div>
    </dialog>
  );
}

function DialogHeader({
  title,
  description,
  actions,
  sticky = false,
  onClose,
  titleId,
}: DialogProps & { readonly titleId: string }) {
  const t = useText('common');
  return (
    <header className="flex items-start gap-3 border-b border-line px-5 py-3.5">
      <div className="min-w-0 flex-1">
        <h2 id={titleId} tabIndex={-1} className="text-lg font-semibold outline-none">
          {title}
        </h2>
        {description !== undefined && <div className="text-sm text-muted">{description}</div>}
      </div>
      {actions}
      {!sticky && (
        <IconButton label={t('close')} onClick={onClose}>
          <X aria-hidden />
        </IconButton>
      )}
    </header>
  );
}
