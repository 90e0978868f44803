'use client';

import type { UnauthorizedClientDetailDto } from '@gatehouse/contract';
import { Eye, Lightbulb } from 'lucide-react';
import type { ReactNode } from 'react';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import type { Format } from '@/lib/format';
import { type Text, useFormat, useText } from '@/lib/i18n';
import { useNow } from '@/lib/now';

type Statement = UnauthorizedClientDetailDto['likelyCause'][number];

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

/** Values as they are read: times in the reader's zone, with how long ago. */
const readable = (
  values: Statement['values'],
  now: number,
  { formatAbsolute, formatRelative }: Format,
): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' && ISO_TIME.test(value)
        ? `${formatAbsolute(value)} (${formatRelative(value, now)})`
        : typeof value === 'number'
          ? value
          : String(value) || 'none',
    ]),
  );

/** In the reader's language where we have the sentence, else as the server wrote it. */
function sentence(t: Text, statement: Statement, now: number, format: Format): string {
  const key = `cause.${statement.key.replaceAll('.', '-')}`;
  if (!t.has(key)) return statement.text;
  const values = readable(statement.values, now, format);
  const change = `change.${String(values['action'])}`;
  return t(key, t.has(change) ? { ...values, action: t(change) } : values);
}

interface StatementLineProps {
  readonly statement: Statement;
  /** Follows the sentence. */
  readonly children?: ReactNode;
}

/** One sentence with its standing, fact or conclusion, by icon and word. */
export function StatementLine({ statement, children }: StatementLineProps) {
  const t = useText('unauthorized');
  const now = useNow();
  const format = useFormat();
  const isFact = statement.standing === 'fact';
  const Icon = isFact ? Eye : Lightbulb;
  return (
    <li className="flex gap-2.5">
      <span className="mt-0.5 shrink-0" data-tip={t(isFact ? 'standing.fact' : 'standing.inference')}>
        <Icon aria-hidden className={`size-4 ${isFact ? 'text-muted' : 'text-ignored'}`} />
        <span className="sr-only">{t(isFact ? 'standing.fact' : 'standing.inference')}</span>
      </span>
      <span className="min-w-0">
        <VisibleSentence text={sentence(t, statement, now, format)} />
        {children}
      </span>
    </li>
  );
}
