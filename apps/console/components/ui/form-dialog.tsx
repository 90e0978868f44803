'use client';

import { useId, type ReactNode } from 'react';
import { useText } from '@/lib/i18n';
import type { FormState } from '@/lib/use-form';
import { Button } from './button';
import { Dialog } from './dialog';
import { Form } from './form';

interface FormDialogProps {
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly submitLabel: string;
  readonly tone?: 'primary' | 'danger';
  readonly size?: 'sm' | 'md' | 'lg';
  readonly disabled?: boolean;
  readonly form: FormState;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A form in a dialog: Enter sends it, once. */
export function FormDialog(props: FormDialogProps) {
  const { title, description, submitLabel, tone = 'primary', size = 'md', form, onClose, children } = props;
  const common = useText('common');
  const id = useId();
  return (
    <Dialog
      open
      size={size}
      onClose={onClose}
      title={title}
      {...(description === undefined ? {} : { description })}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button type="submit" form={id} tone={tone} busy={form.busy} disabled={props.disabled}>
            {submitLabel}
          </Button>
        </>
      }
    >
      <Form form={form} id={id} className="flex flex-col gap-4">
        {children}
      </Form>
    </Dialog>
  );
}
