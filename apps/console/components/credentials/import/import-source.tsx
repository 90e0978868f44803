'use client';

import { FileText, Upload } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { Field, TextArea } from '@/components/ui/field';
import { Notice } from '@/components/ui/states';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { cx } from '@/lib/cx';
import { useFormat, useText } from '@/lib/i18n';
import {
  IMPORT_BYTES_MAX,
  IMPORT_ROWS_MAX,
  NO_SOURCE,
  pasted,
  readImport,
  type ImportSource,
  type SourceFault,
} from './import-text';

interface ImportSourceFieldsProps {
  readonly source: ImportSource;
  readonly disabled: boolean;
  readonly onChange: (source: ImportSource) => void;
}

/** A file, chosen or dropped, or text; what a file holds is not shown. */
export function ImportSourceFields({ source, disabled, onChange }: ImportSourceFieldsProps) {
  const { fault, reading, take, change } = useSource(onChange);
  const busy = disabled || reading;
  const isFile = source.name !== null;
  return (
    <div className="flex flex-col gap-3">
      <DropZone onFile={(file) => busy || void take(file)}>
        {isFile ? (
          <ChosenFile source={source} disabled={busy} onRemove={() => change(NO_SOURCE)} />
        ) : (
          <FileChoice disabled={busy} onFile={(file) => void take(file)} />
        )}
      </DropZone>
      <Fault fault={source.bytes > IMPORT_BYTES_MAX ? 'too-large' : fault} />
      {!isFile && <PastedText text={source.text} disabled={busy} onChange={(text) => change(pasted(text))} />}
    </div>
  );
}

/** One file is read at a time; one that cannot be imported leaves nothing chosen. */
function useSource(onChange: (source: ImportSource) => void) {
  const [fault, setFault] = useState<SourceFault | null>(null);
  const [reading, setReading] = useState(false);
  const take = async (file: File): Promise<void> => {
    setReading(true);
    const read = await readImport(file);
    setReading(false);
    setFault(typeof read === 'string' ? read : null);
    onChange(typeof read === 'string' ? NO_SOURCE : { name: file.name, text: read.text, bytes: file.size });
  };
  const change = (next: ImportSource): void => {
    setFault(null);
    onChange(next);
  };
  return { fault, reading, take, change };
}

function Fault({ fault }: { readonly fault: SourceFault | null }) {
  const { formatBytes } = useFormat();
  const t = useText('credentials');
  if (fault === null) return null;
  return (
    <Notice tone="danger">
      <span role="alert">{t(`import.fault.${fault}`, { size: formatBytes(IMPORT_BYTES_MAX) })}</span>
    </Notice>
  );
}

interface DropZoneProps {
  readonly onFile: (file: File) => void;
  readonly children: ReactNode;
}

function DropZone({ onFile, children }: DropZoneProps) {
  const [over, setOver] = useState(false);
  return (
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const file = event.dataTransfer.files[0];
        if (file !== undefined) onFile(file);
      }}
      className={cx(
        'rounded-md border border-dashed px-4 py-3 text-sm',
        over ? 'border-accent bg-accent-soft' : 'border-line-strong',
      )}
    >
      {children}
    </div>
  );
}

interface FileChoiceProps {
  readonly disabled: boolean;
  readonly onFile: (file: File) => void;
}

function FileChoice({ disabled, onFile }: FileChoiceProps) {
  const { formatBytes, formatNumber } = useFormat();
  const t = useText('credentials');
  return (
    <Field
      label={
        <span className="flex items-center gap-2">
          <Upload aria-hidden className="size-4 text-muted" />
          {t('import.file')}
        </span>
      }
      hint={t('import.fileHint', {
        size: formatBytes(IMPORT_BYTES_MAX),
        rows: formatNumber(IMPORT_ROWS_MAX),
      })}
    >
      {(ids) => (
        <input
          {...ids}
          type="file"
          accept=".csv,.json,text/csv,application/json"
          disabled={disabled}
          className="max-w-full text-sm text-muted file:me-3 file:h-7 file:cursor-pointer file:rounded-md file:border file:border-line-strong file:bg-surface file:px-2.5 file:text-sm file:text-fg hover:file:bg-hover"
          onChange={({ target }) => {
            const file = target.files?.[0];
            if (file !== undefined) onFile(file);
            // So that the same file, corrected, can be chosen again.
            target.value = '';
          }}
        />
      )}
    </Field>
  );
}

interface ChosenFileProps {
  readonly source: ImportSource;
  readonly disabled: boolean;
  readonly onRemove: () => void;
}

function ChosenFile({ source, disabled, onRemove }: ChosenFileProps) {
  const { formatBytes } = useFormat();
  const t = useText('credentials');
  return (
    <div className="flex items-center gap-2">
      <FileText aria-hidden className="size-4 shrink-0 text-muted" />
      <span className="min-w-0 flex-1 truncate font-medium">
        <VisibleSentence text={source.name ?? ''} />
      </span>
      <span className="nums text-muted">{formatBytes(source.bytes)}</span>
      <Button size="sm" disabled={disabled} onClick={onRemove}>
        {t('import.otherFile')}
      </Button>
    </div>
  );
}

interface PastedTextProps {
  readonly text: string;
  readonly disabled: boolean;
  readonly onChange: (text: string) => void;
}

function PastedText({ text, disabled, onChange }: PastedTextProps) {
  const t = useText('credentials');
  return (
    <Field label={t('import.text')}>
      {(ids) => (
        <TextArea
          {...ids}
          rows={5}
          spellCheck={false}
          autoComplete="off"
          disabled={disabled}
          className="mono text-xs"
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
