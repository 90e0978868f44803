'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input } from '@/components/ui/field';
import { useText } from '@/lib/i18n';
import type { ViewControl } from '@/lib/unauthorized/use-view';

const MINUTE_MS = 60_000;

/** The text of a `datetime-local` field, in the reader's zone. */
const toLocal = (time: Date | null): string =>
  time === null
    ? ''
    : new Date(time.getTime() - time.getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 16);

const fromLocal = (text: string): Date | null => {
  const time = new Date(text);
  return text === '' || Number.isNaN(time.getTime()) ? null : time;
};

/** Asks for the beginning and end of the time looked at. */
export function CustomRange({
  control,
  onClose,
}: {
  readonly control: ViewControl;
  readonly onClose: () => void;
}) {
  const t = useText('unauthorized');
  const [from, setFrom] = useState(toLocal(control.view.from));
  const [to, setTo] = useState(toLocal(control.view.to));
  const [start, end] = [fromLocal(from), fromLocal(to)];
  const turned = start !== null && end !== null && start >= end;
  const ready = (start !== null || end !== null) && !turned;
  const apply = (): void => {
    if (!ready) return;
    control.change({ from: start, to: end, range: null });
    onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('range.choose')}
      description={t('range.zone', { zone: Intl.DateTimeFormat().resolvedOptions().timeZone })}
      size="sm"
      footer={
        <Button tone="primary" disabled={!ready} onClick={apply}>
          {t('range.apply')}
        </Button>
      }
    >
      <form
        className="grid gap-4 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault();
          apply();
        }}
      >
        <TimeField
          label={t('range.from')}
          value={from}
          onChange={setFrom}
          {...(turned ? { error: t('range.turned') } : {})}
        />
        <TimeField label={t('range.to')} hint={t('range.openEnd')} value={to} onChange={setTo} />
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}

interface TimeFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly error?: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
}

const TimeField = ({ value, onChange, ...field }: TimeFieldProps) => (
  <Field {...field}>
    {(ids) => (
      <Input
        {...ids}
        type="datetime-local"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    )}
  </Field>
);
