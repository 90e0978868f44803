'use client';

import type { AlertConditionDto, AlertRuleDto } from '@gatehouse/contract';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input, Select } from '@/components/ui/field';
import { ProblemNotice } from '@/components/ui/problem-notice';
import { showToast } from '@/components/ui/toast';
import { CheckboxField } from '@/components/ui/toggle';
import { api, fieldErrors, problemOf } from '@/lib/api';
import { alertChannelsResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { useAction } from '@/lib/use-action';
import { useResource } from '@/lib/use-resource';
import { ALERT_KINDS, STALE } from './words';

type Kind = AlertConditionDto['kind'];

/** Where the API keeps a kind's threshold, and what a preset begins with. */
const PRESETS: Readonly<
  Record<Kind, { readonly at: string; readonly value: number; readonly minutes: number }>
> = {
  refusalRate: { at: 'perMinute', value: 60, minutes: 5 },
  newReason: { at: '', value: 0, minutes: 0 },
  newNetwork: { at: '', value: 0, minutes: 0 },
  backendError: { at: 'errors', value: 5, minutes: 5 },
  certificateExpiry: { at: 'days', value: 14, minutes: 0 },
  recorderDrops: { at: 'drops', value: 1, minutes: 5 },
};

interface Draft {
  readonly name: string;
  readonly kind: Kind;
  readonly value: number;
  readonly minutes: number;
  readonly repeat: number;
  readonly calm: number;
  readonly channels: readonly string[] | null;
}

const conditionOf = ({ kind, value, minutes }: Draft) => {
  const { at, minutes: hasWindow } = PRESETS[kind];
  return {
    kind,
    ...(at === '' ? {} : { [at]: value }),
    ...(hasWindow === 0 ? {} : { windowMinutes: minutes }),
    ...(kind === 'refusalRate' ? { family: null } : {}),
  };
};

/** Makes a rule, beginning with a preset; the server says what of it is wrong, at the field. */
export function RuleDialog({ kind: first, onClose }: { readonly kind: Kind; readonly onClose: () => void }) {
  const t = useText('alerts');
  const common = useText('common');
  const channels = useResource(alertChannelsResource).data?.items ?? [];
  const draftOf = (kind: Kind) => ({ kind, name: t(`kinds.${kind}`), ...PRESETS[kind] });
  const [draft, setDraft] = useState<Draft>({ ...draftOf(first), repeat: 60, calm: 300, channels: null });
  const change = (part: Partial<Draft>): void => setDraft((now) => ({ ...now, ...part }));
  const chosen = draft.channels ?? channels.map(({ id }) => id);
  const create = useAction(
    () =>
      api.post<AlertRuleDto>('/alert-rules', {
        name: draft.name,
        condition: conditionOf(draft),
        channels: chosen,
        repeatMinutes: draft.repeat,
        resolveAfterSeconds: draft.calm,
      }),
    {
      stale: STALE,
      toastProblems: false,
      onDone: () => {
        showToast({ tone: 'good', text: t('made') });
        onClose();
      },
    },
  );
  const problem = create.error === null ? null : problemOf(create.error);
  const errorOf = fieldErrors(problem);
  const { at, minutes: hasWindow } = PRESETS[draft.kind];
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('newRule')}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button tone="primary" busy={create.isPending} onClick={() => create.mutate(undefined)}>
            {t('create')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <ProblemNotice problem={problem?.errors === undefined ? problem : null} />
        <Field label={t('condition')}>
          {(ids) => (
            <Select
              {...ids}
              data-autofocus
              value={draft.kind}
              onChange={(event) =>
                change(draftOf(ALERT_KINDS.find((one) => one === event.target.value) ?? 'refusalRate'))
              }
            >
              {ALERT_KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {t(`kinds.${kind}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('name')} error={errorOf('name')}>
          {(ids) => (
            <Input
              {...ids}
              maxLength={100}
              value={draft.name}
              onChange={(event) => change({ name: event.target.value })}
            />
          )}
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          {at !== '' && (
            <NumberField
              label={t(`threshold.${draft.kind}`)}
              value={draft.value}
              error={errorOf(`condition.${at}`)}
              onChange={(value) => change({ value })}
            />
          )}
          {hasWindow > 0 && (
            <NumberField
              label={t('window')}
              value={draft.minutes}
              error={errorOf('condition.windowMinutes')}
              onChange={(minutes) => change({ minutes })}
            />
          )}
          <NumberField
            label={t('repeat')}
            hint={t('repeatHint')}
            value={draft.repeat}
            error={errorOf('repeatMinutes')}
            onChange={(repeat) => change({ repeat })}
          />
          <NumberField
            label={t('calm')}
            value={draft.calm}
            error={errorOf('resolveAfterSeconds')}
            onChange={(calm) => change({ calm })}
          />
        </div>
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1 text-sm font-medium">{t('tellThese')}</legend>
          {channels.length === 0 && <p className="text-sm text-muted">{t('noneToTell')}</p>}
          {channels.map(({ id, name }) => (
            <CheckboxField
              key={id}
              label={name}
              checked={chosen.includes(id)}
              onChange={(event) =>
                change({
                  channels: event.target.checked ? [...chosen, id] : chosen.filter((one) => one !== id),
                })
              }
            />
          ))}
        </fieldset>
      </div>
    </Dialog>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: number;
  readonly error: string | undefined;
  readonly onChange: (value: number) => void;
}

function NumberField({ label, hint, value, error, onChange }: NumberFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(ids) => (
        <Input
          {...ids}
          type="number"
          min={0}
          className="nums"
          value={value}
          onChange={(event) => onChange(Number(event.target.value))}
        />
      )}
    </Field>
  );
}
