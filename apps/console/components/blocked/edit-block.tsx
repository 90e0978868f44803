'use client';

import type { BlockDto } from '@gatehouse/contract';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input } from '@/components/ui/field';
import { ProblemNotice } from '@/components/ui/problem-notice';
import { showToast } from '@/components/ui/toast';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { api, fieldErrors, problemOf } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useAction } from '@/lib/use-action';
import { EndFields, endOf, FOREVER, type End } from './end-fields';
import { STALE } from './use-unblock';

const endAsStored = ({ expiresAt, expired }: BlockDto): End =>
  expiresAt === null || expired ? FOREVER : { choice: 'until', until: expiresAt };

/** When a block ends, and what is noted about it; whom it is about does not change. */
export function EditBlock({ block, onClose }: { readonly block: BlockDto; readonly onClose: () => void }) {
  const t = useText('blocked');
  const common = useText('common');
  const [end, setEnd] = useState(() => endAsStored(block));
  const [comment, setComment] = useState(block.comment);
  const save = useAction(
    () =>
      api.patch<BlockDto>(
        `/blocked-clients/${block.id}`,
        { expiresAt: endOf(end), comment },
        { version: block.version },
      ),
    {
      stale: STALE,
      toastProblems: false,
      onDone: () => {
        showToast({ tone: 'good', text: t('changed') });
        onClose();
      },
    },
  );
  const problem = save.error === null ? null : problemOf(save.error);
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('edit')}
      description={<VisibleSentence text={`${t(`kinds.${block.kind}`)} ${block.value}`} />}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button tone="primary" busy={save.isPending} onClick={() => save.mutate(undefined)}>
            {common('save')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <ProblemNotice problem={problem?.errors === undefined ? problem : null} />
        <EndFields end={end} error={fieldErrors(problem)('expiresAt')} onChange={setEnd} />
        <Field label={t('comment')} optional={common('optional')}>
          {(ids) => (
            <Input
              {...ids}
              maxLength={500}
              value={comment}
              onChange={(event) => setComment(event.target.value)}
            />
          )}
        </Field>
      </div>
    </Dialog>
  );
}
