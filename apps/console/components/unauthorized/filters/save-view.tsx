'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input } from '@/components/ui/field';
import { useText } from '@/lib/i18n';
import { VIEW_NAME_CHARACTERS_MAX } from '@/lib/unauthorized/saved-views';

interface SaveViewProps {
  readonly onSave: (name: string) => void;
  readonly onClose: () => void;
}

/** Asks what the view is to be called. */
export function SaveView({ onSave, onClose }: SaveViewProps) {
  const t = useText('unauthorized');
  const [name, setName] = useState('');
  const ready = name.trim() !== '';
  const save = (): void => {
    if (!ready) return;
    onSave(name.trim());
    onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('views.save')}
      description={t('views.hint')}
      size="sm"
      footer={
        <Button tone="primary" disabled={!ready} onClick={save}>
          {t('views.saveIt')}
        </Button>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <Field label={t('views.name')}>
          {(ids) => (
            <Input
              {...ids}
              maxLength={VIEW_NAME_CHARACTERS_MAX}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
