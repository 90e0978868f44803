'use client';

import { useState } from 'react';
import { TextArea } from '@/components/ui/field';
import { linesText, pairsText, readLines, readPairs } from './pairs';

const ROWS_MIN = 2;
const ROWS_MAX = 10;

interface LinesInputProps {
  readonly id: string;
  readonly disabled: boolean;
  readonly kind: 'lines' | 'pairs';
  readonly value: unknown;
  readonly placeholder?: string;
  /** Told the list or map; lines that make no map are told as the text they are. */
  readonly onChange: (value: unknown) => void;
}

/** A list, or a map as `name = value`, one per line. What is being typed stays as it is typed. */
export function LinesInput({ kind, value, onChange, ...rest }: LinesInputProps) {
  const [text, setText] = useState(() => (kind === 'pairs' ? pairsText(value) : linesText(value)));
  const rows = Math.min(Math.max(text.split('\n').length, ROWS_MIN), ROWS_MAX);
  return (
    <TextArea
      {...rest}
      rows={rows}
      spellCheck={false}
      className="mono"
      value={text}
      onChange={(event) => {
        const typed = event.target.value;
        setText(typed);
        onChange(kind === 'pairs' ? (readPairs(typed) ?? typed) : readLines(typed));
      }}
    />
  );
}
