'use client';

import { useEffect, useState } from 'react';
import { inPageLanguage } from '@/lib/server-text';
import { langOf } from '@/lib/told';
import { VisibleSentence } from '@/components/ui/visible-sentence';

/** A sentence of the server, in the page's language where it has words for it. */
export function ServerSentence({ text }: { readonly text: string }) {
  const [told, setTold] = useState({ text, shown: text });
  useEffect(() => {
    let isOver = false;
    void inPageLanguage(text).then((shown) => {
      if (!isOver) setTold({ text, shown });
    });
    return () => {
      isOver = true;
    };
  }, [text]);
  const shown = told.text === text ? told.shown : text;
  return (
    <span lang={langOf(shown)}>
      <VisibleSentence text={shown} />
    </span>
  );
}
