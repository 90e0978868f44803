'use client';

import { useEffect, useRef, useState, type RefObject } from 'react';
import { Input } from '@/components/ui/field';
import { useText } from '@/lib/i18n';
import type { ViewControl } from '@/lib/unauthorized/use-view';

/** Typing is not a filter yet; a pause is. */
const SETTLE_MS = 250;

interface SearchInputProps {
  readonly control: ViewControl;
  readonly inputRef: RefObject<HTMLInputElement | null>;
}

export function SearchInput({ control, inputRef }: SearchInputProps) {
  const t = useText('unauthorized');
  const applied = control.view.search ?? '';
  const [typed, setTyped] = useState(applied);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    clearTimeout(timer.current);
    setTyped(applied);
  }, [applied]);
  const apply = (text: string): void => {
    clearTimeout(timer.current);
    if (text.trim() !== applied) control.change({ search: text.trim() === '' ? null : text.trim() });
  };
  return (
    <Input
      ref={inputRef}
      type="search"
      aria-label={t('search.label')}
      aria-keyshortcuts="/"
      placeholder={t('search.placeholder')}
      maxLength={256}
      value={typed}
      onChange={(event) => {
        const text = event.target.value;
        setTyped(text);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => apply(text), SETTLE_MS);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') apply(typed);
        if (event.key === 'Escape' && typed === '') event.currentTarget.blur();
      }}
      className="ps-8"
    />
  );
}
