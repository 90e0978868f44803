'use client';

import type { BlockDto } from '@gatehouse/contract';
import { useState } from 'react';
import { Field, Input } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { api } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useForm } from '@/lib/use-form';
import { useSave } from '@/lib/use-save';
import { EndFields, endOf, endWritten, FOREVER, type End } from './end-fields';
import { STALE } from './use-unblock';

const endAsStored = ({ expiresAt, expired }: BlockDto): End =>
  expiresAt === null || expired ? FOREVER : { choice: 'until', until: expiresAt };

/** When a block ends, and what is noted about it; whom it is about does not change. */
export function EditBlock({ block, onClose }: { readonly block: BlockDto; readonly onClose: () => void }) {
  const t = useText('blocked');
  const common = useText('common');
  const [end, setEnd] = useState(() => endAsStored(block));
  const [comment, setComment] = useState(block.comment);
  const save = useSave(
    () =>
      api.patch<BlockDto>(
        `/blocked-clients/${block.id}`,
        { expiresAt: endOf(end), comment },
        { version: block.version },
      ),
    { stale: STALE, done: () => t('changed'), onDone: onClose },
  );
  const form = useForm('updateBlock', { expiresAt: endWritten(end), comment }, save);
  const { errorOf } = form;
  return (
    <FormDialog
      title={t('edit')}
      description={<VisibleSentence text={`${t(`kinds.${block.kind}`)} ${block.value}`} />}
      submitLabel={common('save')}
      form={form}
      onClose={onClose}
    >
      <EndFields end={end} error={errorOf('expiresAt')} onChange={setEnd} />
      <Field label={t('comment')} optional={common('optional')} error={errorOf('comment')}>
        {(ids) => (
          <Input
            {...ids}
            maxLength={500}
            value={comment}
            onChange={(event) => setComment(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  );
}
