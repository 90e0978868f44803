'use client';

import { useText } from '@/lib/i18n';
import { visibleText } from '@/lib/visible-text';

const CHARACTERS_MAX = 600;

/** A sentence with strangers' words in it: as text, with what would not be seen made visible. */
export function VisibleSentence({ text }: { readonly text: string }) {
  const t = useText('common');
  const { parts, cut } = visibleText(text, CHARACTERS_MAX);
  return (
    <bdi className="break-words">
      {parts.map((part, index) =>
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
      )}
      {cut && '…'}
    </bdi>
  );
}
