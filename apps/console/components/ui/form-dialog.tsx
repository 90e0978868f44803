'use client';

import type { Problem } from '@gatehouse/contract';
import { useId, type ReactNode } from 'react';
import { useText } from '@/lib/i18n';
import { Button } from './button';
import { Dialog } from './dialog';
import { ProblemNotice } from './problem-notice';

interface FormDialogProps {
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly submitLabel: string;
  readonly tone?: 'primary' | 'danger';
  readonly busy: boolean;
  readonly disabled?: boolean;
  /** What the server said of what was sent last; what is about single fields stands there. */
  readonly problem: Problem | null;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A form in a dialog: Enter sends it, once. */
export function FormDialog(props: FormDialogProps) {
  const { title, description, submitLabel, tone = 'primary', problem, onClose, children } = props;
  const { busy, disabled = false, onSubmit } = props;
  const common = useText('common');
  const form = useId();
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      {...(description === undefined ? {} : { description })}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button type="submit" form={form} tone={tone} busy={busy} disabled={disabled}>
            {submitLabel}
          </Button>
        </>
      }
    >
      <form
        id={form}
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy && !disabled) onSubmit();
        }}
      >
        <ProblemNotice problem={problem?.errors === undefined ? problem : null} />
        {children}
      </form>
    </Dialog>
  );
}
