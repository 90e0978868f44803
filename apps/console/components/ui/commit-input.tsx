'use client';

import { useState } from 'react';
import { Input } from './field';

interface CommitInputProps {
  readonly value: string;
  readonly label: string;
  readonly placeholder: string;
  readonly className?: string;
  /** Told on Enter and when the focus leaves. */
  readonly onCommit: (value: string) => void;
}

/** A text that means something only once it is whole. */
export function CommitInput({ value, label, placeholder, className, onCommit }: CommitInputProps) {
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  if (known !== value) {
    // The address changed by other means (a link, Back, Clear all).
    setKnown(value);
    setText(value);
  }
  const commit = (): void => {
    if (text !== value) onCommit(text);
  };
  return (
    <Input
      aria-label={label}
      placeholder={placeholder}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
      }}
      {...(className === undefined ? {} : { className })}
    />
  );
}
