'use client';

import { visibleText } from '@/lib/visible-text';
import { VisibleParts } from './visible-parts';

const CHARACTERS_MAX = 600;

/** A sentence with strangers' words in it: as text, with what would not be seen made visible. */
export function VisibleSentence({ text }: { readonly text: string }) {
  const { parts, cut } = visibleText(text, CHARACTERS_MAX);
  return (
    <bdi className="break-words">
      <VisibleParts parts={parts} />
      {cut && '…'}
    </bdi>
  );
}
