'use client';

import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { cx } from '@/lib/cx';
import { useText } from '@/lib/i18n';
import { IconButton } from './button';

const CONFIRM_MS = 1_500;

/** Also works where the clipboard API is denied: plain http on another host than localhost. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

export function CopyButton({
  text,
  label,
  className,
}: {
  readonly text: string;
  readonly label?: string;
  readonly className?: string;
}) {
  const t = useText('common');
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), CONFIRM_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <IconButton
      label={copied ? t('copied') : (label ?? t('copy'))}
      className={cx(className)}
      onClick={(event) => {
        event.stopPropagation();
        void copyText(text).then(setCopied);
      }}
    >
      {copied ? <Check aria-hidden className="text-accepted" /> : <Copy aria-hidden />}
    </IconButton>
  );
}

/** Text to take along, with its copy button. Scrolls by keyboard. */
export function CodeBlock({
  code,
  label,
  className,
}: {
  readonly code: string;
  readonly label: string;
  readonly className?: string;
}) {
  return (
    <div className={cx('flex items-start rounded-md border border-line bg-sunken', className)}>
      <pre
        tabIndex={0}
        aria-label={label}
        className="mono min-w-0 flex-1 overflow-x-auto p-3 text-sm leading-relaxed"
      >
        <code>{code}</code>
      </pre>
      <CopyButton text={code} className="m-1.5 shrink-0" />
    </div>
  );
}

export const Kbd = ({ children }: { readonly children: string }) => (
  <kbd className="inline-flex h-5 min-w-5 items-center justify-center rounded-sm border border-line-strong bg-sunken px-1 text-2xs text-muted">
    {children}
  </kbd>
);
