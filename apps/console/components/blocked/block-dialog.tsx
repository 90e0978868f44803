'use client';

import type { BlockDto } from '@gatehouse/contract';
import { useState } from 'react';
import { Field, Input, Select } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { api } from '@/lib/api';
import { useFormat, useText } from '@/lib/i18n';
import { useForm } from '@/lib/use-form';
import { useSave } from '@/lib/use-save';
import { BlockPreview, useBlockPreview } from './block-preview';
import { EndFields, endOf, endWritten, FOREVER, type End } from './end-fields';
import { BLOCK_KINDS, type BlockChoice } from './kinds';
import { STALE } from './use-unblock';

interface BlockDialogProps {
  /** What is known of the client, if the dialog is about one; the first is filled in. */
  readonly choices?: readonly BlockChoice[];
  readonly onClose: () => void;
}

interface Draft extends BlockChoice {
  readonly end: End;
  readonly comment: string;
}

/** Asks whom to block, and shows whom that would meet before it is done. */
export function BlockDialog({ choices = [], onClose }: BlockDialogProps) {
  const t = useText('blocked');
  const common = useText('common');
  const { formatAbsolute } = useFormat();
  const [draft, setDraft] = useState<Draft>({
    ...(choices[0] ?? { kind: 'clientId', value: '' }),
    end: FOREVER,
    comment: '',
  });
  const change = (part: Partial<Draft>): void => setDraft((now) => ({ ...now, ...part }));
  const { kind, value, end, comment } = draft;
  const told = ({ value: met, expiresAt }: BlockDto): string =>
    expiresAt === null
      ? t('blockedForever', { value: met })
      : t('blockedUntil', { value: met, until: formatAbsolute(expiresAt) });
  const save = useSave(
    () => api.post<BlockDto>('/blocked-clients', { kind, value, expiresAt: endOf(end), comment }),
    { stale: STALE, done: told, onDone: onClose },
  );
  const form = useForm('createBlock', { kind, value, expiresAt: endWritten(end), comment }, save);
  const { errorOf } = form;
  const shown = useBlockPreview({ kind, value });
  return (
    <FormDialog
      title={t('add')}
      description={t('addHint')}
      submitLabel={t('submit')}
      tone="danger"
      form={form}
      onClose={onClose}
    >
      <TargetFields
        draft={draft}
        choices={choices}
        error={errorOf('value') ?? shown.fieldError}
        onChange={change}
      />
      <EndFields end={end} error={errorOf('expiresAt')} onChange={(next) => change({ end: next })} />
      <Field
        label={t('comment')}
        hint={t('commentHint')}
        optional={common('optional')}
        error={errorOf('comment')}
      >
        {(ids) => (
          <Input
            {...ids}
            maxLength={500}
            value={comment}
            onChange={(event) => change({ comment: event.target.value })}
          />
        )}
      </Field>
      <BlockPreview value={value} shown={shown} />
    </FormDialog>
  );
}

interface TargetFieldsProps {
  readonly draft: BlockChoice;
  readonly choices: readonly BlockChoice[];
  readonly error: string | undefined;
  readonly onChange: (part: BlockChoice) => void;
}

/** Choosing another kind fills in what is known of it. */
function TargetFields({ draft, choices, error, onChange }: TargetFieldsProps) {
  const t = useText('blocked');
  return (
    <div className="grid gap-4 sm:grid-cols-[10rem_1fr]">
      <Field label={t('kind')}>
        {(ids) => (
          <Select
            {...ids}
            data-autofocus
            value={draft.kind}
            onChange={(event) => {
              const kind = BLOCK_KINDS.find((one) => one === event.target.value) ?? 'clientId';
              onChange({ kind, value: choices.find((one) => one.kind === kind)?.value ?? '' });
            }}
          >
            {BLOCK_KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {t(`kinds.${kind}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t('value')} hint={t(`hints.${draft.kind}`)} error={error}>
        {(ids) => (
          <Input
            {...ids}
            className="mono"
            maxLength={1_024}
            value={draft.value}
            onChange={(event) => onChange({ kind: draft.kind, value: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}
