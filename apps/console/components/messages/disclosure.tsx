import type { ReactNode } from 'react';
import { Badge } from '@/components/ui/badge';

interface DisclosureProps {
  readonly label: string;
  /** What is set inside, said while it is folded too; null: nothing. */
  readonly note?: string | null;
  readonly open?: boolean;
  readonly onToggle?: (open: boolean) => void;
  readonly children: ReactNode;
}

/** Folds away what the simple case does without. */
export const Disclosure = ({ label, note = null, open, onToggle, children }: DisclosureProps) => (
  <details open={open} onToggle={(event) => onToggle?.(event.currentTarget.open)}>
    <summary className="min-h-6 text-sm text-accent">
      <span className="hover:underline">{label}</span>
      {note !== null && <Badge className="ms-2">{note}</Badge>}
    </summary>
    <div className="mt-2">{children}</div>
  </details>
);
