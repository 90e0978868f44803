'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { TimeInput } from '@/components/ui/time-input';
import { useLanguage, useText } from '@/lib/i18n';
import type { ViewControl } from '@/lib/unauthorized/use-view';

const dateOf = (iso: string | null): Date | null => (iso === null ? null : new Date(iso));

/** Asks for the beginning and end of the time looked at. */
export function CustomRange({
  control,
  onClose,
}: {
  readonly control: ViewControl;
  readonly onClose: () => void;
}) {
  const t = useText('unauthorized');
  const { zone } = useLanguage();
  const [from, setFrom] = useState(control.view.from?.toISOString() ?? null);
  const [to, setTo] = useState(control.view.to?.toISOString() ?? null);
  const start = dateOf(from);
  const end = dateOf(to);
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
      description={t('range.zone', { zone: zone.name })}
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
  readonly value: string | null;
  readonly onChange: (iso: string | null) => void;
}

const TimeField = ({ value, onChange, ...field }: TimeFieldProps) => (
  <Field {...field}>{(ids) => <TimeInput {...ids} value={value} onChange={onChange} />}</Field>
);
