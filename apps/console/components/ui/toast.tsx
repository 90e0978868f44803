'use client';

import { CircleCheck, CircleX, Info, X } from 'lucide-react';
import { useEffect, useSyncExternalStore } from 'react';
import { useText } from '@/lib/i18n';
import { Button, IconButton } from './button';

export interface Toast {
  readonly id: number;
  readonly tone: 'info' | 'good' | 'bad';
  readonly text: string;
  readonly detail?: string;
  /** A way back or on, such as Undo. */
  readonly action?: { readonly label: string; readonly run: () => void };
  /** Infinity: until it is dismissed. */
  readonly durationMs: number;
}

const DURATION_MS = 5_000;
const TOASTS_MAX = 4;
let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

const publish = (next: readonly Toast[]): void => {
  toasts = next;
  for (const listener of listeners) listener();
};

export const dismissToast = (id: number): void => publish(toasts.filter((toast) => toast.id !== id));

/** Shows a message at the bottom; returns its id. Give `durationMs: 10_000` with an Undo. */
export function showToast(toast: Pick<Toast, 'text'> & Partial<Omit<Toast, 'id'>>): number {
  lastId += 1;
  const shown: Toast = { tone: 'info', durationMs: DURATION_MS, ...toast, id: lastId };
  publish([...toasts, shown].slice(-TOASTS_MAX));
  return lastId;
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
const NONE: readonly Toast[] = [];

const ICONS = {
  info: <Info aria-hidden className="size-4 text-muted" />,
  good: <CircleCheck aria-hidden className="size-4 text-accepted" />,
  bad: <CircleX aria-hidden className="size-4 text-refused" />,
} as const;

/** The stack of messages; one per page. */
export function Toaster() {
  const t = useText('common');
  const shown = useSyncExternalStore(
    subscribe,
    () => toasts,
    () => NONE,
  );
  return (
    <section
      aria-label={t('notifications')}
      aria-live="polite"
      className="pointer-events-none fixed inset-x-4 bottom-4 z-50 flex flex-col items-center gap-2 sm:items-end"
    >
      {shown.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </section>
  );
}

function ToastCard({ toast }: { readonly toast: Toast }) {
  const t = useText('common');
  useEffect(() => {
    if (toast.durationMs === Infinity) return;
    const timer = setTimeout(() => dismissToast(toast.id), toast.durationMs);
    return () => clearTimeout(timer);
  }, [toast]);
  return (
    <div className="pointer-events-auto flex w-full max-w-sm animate-fade-in items-center gap-2.5 rounded-lg border border-line-strong bg-raised py-2 pe-2 ps-3 shadow-pop">
      {ICONS[toast.tone]}
      <div className="min-w-0 flex-1 text-sm">
        <p className="break-words">{toast.text}</p>
        {toast.detail !== undefined && <p className="text-xs break-words text-muted">{toast.detail}</p>}
      </div>
      {toast.action !== undefined && (
        <Button
          size="sm"
          onClick={() => {
            toast.action?.run();
            dismissToast(toast.id);
          }}
        >
          {toast.action.label}
        </Button>
      )}
      <IconButton label={t('dismiss')} onClick={() => dismissToast(toast.id)}>
        <X aria-hidden />
      </IconButton>
    </div>
  );
}
