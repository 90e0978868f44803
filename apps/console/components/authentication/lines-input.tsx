'use client';

import { useState } from 'react';
import { TextArea } from '@/components/ui/field';
import { jsonText, linesText, pairsText, readJson, readLines, readPairs } from './pairs';

const ROWS_MIN = 2;
const ROWS_MAX = 10;

type LinesKind = 'lines' | 'pairs' | 'json';

const FORMS = {
  lines: { write: linesText, read: readLines },
  pairs: { write: pairsText, read: readPairs },
  json: { write: jsonText, read: readJson },
} as const;

interface LinesInputProps {
  readonly id: string;
  readonly disabled: boolean;
  readonly kind: LinesKind;
  readonly value: unknown;
  readonly placeholder?: string;
  /** Told the value; lines that make none are told as the text they are. */
  readonly onChange: (value: unknown) => void;
}

/** A list or a map (`name = value`), one entry per line, or JSON. What is being typed stays as it is typed. */
export function LinesInput({ kind, value, onChange, ...rest }: LinesInputProps) {
  const [text, setText] = useState(() => FORMS[kind].write(value));
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
        onChange(FORMS[kind].read(typed) ?? typed);
      }}
    />
  );
}
