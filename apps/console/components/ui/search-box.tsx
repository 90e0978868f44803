'use client';

import { Search } from 'lucide-react';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { cx } from '@/lib/cx';
import { useShortcuts } from '@/lib/use-shortcuts';
import { Input } from './field';

const SETTLE_MS = 250;

interface SearchBoxProps {
  readonly value: string;
  readonly label: string;
  readonly placeholder: string;
  readonly className?: string;
  /** Told when typing rests, and at once on Enter. */
  readonly onChange: (value: string) => void;
}

/** The page's search; `/` goes there. */
export function SearchBox({ value, label, placeholder, className, onChange }: SearchBoxProps) {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  if (known !== value) {
    // The address changed by other means (a link, Back, Clear all).
    setKnown(value);
    setText(value);
  }
  const tell = useEffectEvent(() => onChange(text));
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => tell(), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [text, value]);
  useShortcuts({ '/': () => input.current?.focus() });
  return (
    <span className={cx('relative inline-flex', className)}>
      <Search aria-hidden className="pointer-events-none absolute top-2 start-2.5 size-4 text-faint" />
      <Input
        ref={input}
        type="search"
        aria-label={label}
        aria-keyshortcuts="/"
        placeholder={placeholder}
        maxLength={256}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onChange(text);
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
        className="ps-8"
      />
    </span>
  );
}
