'use client';

import type { Problem } from '@gatehouse/contract';
import { CircleAlert } from 'lucide-react';
import { useText } from '@/lib/i18n';

/** What went wrong with a form as a whole; fields show their own. */
export function FormProblem({ problem }: { readonly problem: Problem | null }) {
  const t = useText('auth');
  if (problem === null) return null;
  const key = `problem.${problem.code}`;
  return (
    <div role="alert" className="flex gap-2 rounded-md border border-line bg-refused-soft px-3 py-2 text-sm">
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-refused" />
      <div className="min-w-0">
        <p>{t.has(key) ? t(key) : (problem.detail ?? problem.title)}</p>
        {problem.requestId !== '' && problem.status >= 500 && (
          <p className="mono text-xs text-muted">{problem.requestId}</p>
        )}
      </div>
    </div>
  );
}
