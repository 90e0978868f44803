'use client';

import { useState, type ReactNode } from 'react';
import { useText } from '@/lib/i18n';
import { Button } from './button';
import { Dialog } from './dialog';
import { Field, Input } from './field';

interface ConfirmProps {
  readonly open: boolean;
  readonly title: ReactNode;
  readonly children: ReactNode;
  /** What the button does, with its count: "Delete 12 345". */
  readonly confirmLabel: string;
  readonly cancelLabel?: string;
  /** Text that must be typed first, for what is hard to undo. */
  readonly typeToConfirm?: string;
  readonly busy?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before something is destroyed. Focus starts on the way out. */
export function Confirm(props: ConfirmProps) {
  const t = useText('common');
  const [typed, setTyped] = useState('');
  const ready = props.typeToConfirm === undefined || typed.trim() === props.typeToConfirm;
  const close = (): void => {
    setTyped('');
    props.onClose();
  };
  return (
    <Dialog
      open={props.open}
      onClose={close}
      title={props.title}
      size="sm"
      footer={
        <>
          <Button onClick={close} data-autofocus>
            {props.cancelLabel ?? t('cancel')}
          </Button>
          <Button tone="danger" disabled={!ready} busy={props.busy ?? false} onClick={props.onConfirm}>
            {props.confirmLabel}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <div>{props.children}</div>
        {props.typeToConfirm !== undefined && (
          <Field label={t('typeToConfirm', { text: props.typeToConfirm })}>
            {(ids) => (
              <Input
                {...ids}
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
                className="mono"
              />
            )}
          </Field>
        )}
      </div>
    </Dialog>
  );
}
