'use client';

import { useText } from '@/lib/i18n';
import type { TextPart } from '@/lib/visible-text';

/** A stranger's text; each character that would not be seen is a box with its name. */
export function VisibleParts({ parts }: { readonly parts: readonly TextPart[] }) {
  const t = useText('common');
  return parts.map((part, index) =>
    part.kind === 'text' ? (
      part.text
    ) : (
      <span
        key={index}
        data-tip={t('unseenCharacter', { name: part.name })}
        className="mono mx-px rounded-sm border border-line-strong bg-ignored-soft px-0.5 text-[0.75em] text-ignored"
      >
        {part.name}
      </span>
    ),
  );
}
