'use client';

import { useState } from 'react';
import { Field, TextArea } from '@/components/ui/field';
import { useText } from '@/lib/i18n';
import type { Attempt } from './attempt';
import type { KnownListener } from './pasted';

interface PasteFieldProps {
  readonly listeners: readonly KnownListener[];
  readonly onChange: (part: Partial<Attempt>) => void;
}

/** Fills the form from what somebody has of the device. What was understood goes from here: it may hold a password. */
export function PasteField({ listeners, onChange }: PasteFieldProps) {
  const t = useText('tester');
  const [text, setText] = useState('');
  const [said, setSaid] = useState<'certificate' | 'connection' | 'unknown' | null>(null);
  const read = async (pasted: string): Promise<void> => {
    // Most who come here paste nothing.
    const { readPasted } = await import('./pasted');
    const found = readPasted(pasted, listeners);
    if (found !== undefined) onChange(found.part);
    setText(found === undefined ? pasted : '');
    setSaid(pasted.trim() === '' ? null : (found?.kind ?? 'unknown'));
  };
  return (
    <div className="flex flex-col gap-1.5">
      <Field
        label={t('paste')}
        hint={t('pasteHint')}
        error={said === 'unknown' ? t('pasted.unknown') : undefined}
      >
        {(ids) => (
          <TextArea
            {...ids}
            rows={2}
            spellCheck={false}
            autoComplete="off"
            className="mono text-xs"
            placeholder="mosquitto_pub -h … -i pump-7 -u pump -P …"
            value={text}
            onPaste={(event) => {
              event.preventDefault();
              void read(event.clipboardData.getData('text'));
            }}
            onChange={(event) => setText(event.target.value)}
            onBlur={() => {
              if (text !== '') void read(text);
            }}
          />
        )}
      </Field>
      <p role="status" className="text-sm text-accepted empty:hidden">
        {said !== null && said !== 'unknown' && t(`pasted.${said}`)}
      </p>
    </div>
  );
}
