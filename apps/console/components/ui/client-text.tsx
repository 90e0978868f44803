'use client';

import { useState } from 'react';
import { cx } from '@/lib/cx';
import { useText } from '@/lib/i18n';
import { visibleText } from '@/lib/visible-text';
import { VisibleParts } from './visible-parts';

const SHOWN_MAX = 80;
/** A client ID can be 64 kB; the page never draws more than this of it. */
const EXPANDED_MAX = 4_096;

interface ClientTextProps {
  /** Null: the client sent none. Empty: it sent an empty one. Both are said in words. */
  readonly text: string | null;
  readonly max?: number;
  /** Offers to show more of a long one. Not in table cells, where the row is the button. */
  readonly expandable?: boolean;
  /** The server kept only the beginning. */
  readonly truncated?: boolean;
  readonly className?: string;
}

/**
 * Shows text that an unknown client chose. Only ever text nodes; characters that cannot be seen are tokens;
 * isolated from the direction of what surrounds it; bounded.
 */
export function ClientText({
  text,
  max = SHOWN_MAX,
  expandable = false,
  truncated = false,
  className,
}: ClientTextProps) {
  const t = useText('common');
  const [expanded, setExpanded] = useState(false);
  if (text === null) return <span className="text-faint">{t('none')}</span>;
  if (text === '') return <span className="text-faint italic">{t('empty')}</span>;
  const { parts, cut } = visibleText(text, expanded ? EXPANDED_MAX : max);
  return (
    <bdi className={cx('mono', expandable ? 'break-all' : 'truncate', className)}>
      <VisibleParts parts={parts} />
      {(cut || truncated) && '…'}
      {cut && expandable && !expanded && (
        <button
          type="button"
          className="ms-1 font-sans text-xs text-accent underline"
          onClick={() => setExpanded(true)}
        >
          {t('showAll', { count: text.length })}
        </button>
      )}
    </bdi>
  );
}
