'use client';

import type { AlertRuleDto } from '@gatehouse/contract';
import { useState } from 'react';
import { Field, Input, Select } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { CheckboxField } from '@/components/ui/toggle';
import { api } from '@/lib/api';
import { alertChannelsResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { FAMILY_ORDER } from '@/lib/reasons';
import { useForm } from '@/lib/use-form';
import { useResource } from '@/lib/use-resource';
import { useSave } from '@/lib/use-save';
import {
  ALERT_KINDS,
  newRuleDraft,
  presetOf,
  PRESETS,
  ruleBodyOf,
  ruleDraftOf,
  type AlertKind,
  type RuleDraft,
} from './rule-draft';
import { STALE } from './words';

interface RuleDialogProps {
  /** A rule that is changed, or the preset that a new one begins with. */
  readonly from: AlertRuleDto | AlertKind;
  readonly onClose: () => void;
}

/** Makes or changes a rule; what is wrong with it is said at the field. */
export function RuleDialog({ from, onClose }: RuleDialogProps) {
  const t = useText('alerts');
  const common = useText('common');
  const rule = typeof from === 'string' ? null : from;
  const channels = useResource(alertChannelsResource).data?.items ?? [];
  const nameOf = (kind: AlertKind): string => t(`kinds.${kind}`);
  const [draft, setDraft] = useState<RuleDraft>(() =>
    typeof from === 'string' ? newRuleDraft(from, nameOf(from)) : ruleDraftOf(from),
  );
  const change = (part: Partial<RuleDraft>): void => setDraft((now) => ({ ...now, ...part }));
  const chosen = draft.channels ?? channels.map(({ id }) => id);
  const body = ruleBodyOf(draft, chosen);
  const save = useSave(
    () =>
      rule === null
        ? api.post<AlertRuleDto>('/alert-rules', body)
        : api.patch<AlertRuleDto>(`/alert-rules/${rule.id}`, body, { version: rule.version }),
    { stale: STALE, done: () => t(rule === null ? 'made' : 'changed'), onDone: onClose },
  );
  const form = useForm(rule === null ? 'createAlertRule' : 'updateAlertRule', body, save);
  const { errorOf } = form;
  return (
    <FormDialog
      title={rule === null ? t('newRule') : t('editTitle', { name: rule.name })}
      submitLabel={rule === null ? t('create') : common('save')}
      form={form}
      onClose={onClose}
    >
      <Field label={t('condition')}>
        {(ids) => (
          <Select
            {...ids}
            data-autofocus
            value={draft.kind}
            onChange={(event) => {
              const kind = ALERT_KINDS.find((one) => one === event.target.value) ?? 'refusalRate';
              change(presetOf(kind, rule === null ? nameOf(kind) : draft.name));
            }}
          >
            {ALERT_KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {nameOf(kind)}
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
      <ConditionFields draft={draft} errorOf={errorOf} onChange={change} />
      <Field label={t('topic')} hint={t('topicHint')} optional={common('optional')} error={errorOf('topic')}>
        {(ids) => (
          <Input
            {...ids}
            className="mono"
            maxLength={128}
            value={draft.topic}
            onChange={(event) => change({ topic: event.target.value })}
          />
        )}
      </Field>
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
    </FormDialog>
  );
}

interface ConditionFieldsProps {
  readonly draft: RuleDraft;
  readonly errorOf: (path: string) => string | undefined;
  readonly onChange: (part: Partial<RuleDraft>) => void;
}

/** From when on it fires, of which refusals, how often that is told, and when it is over. */
function ConditionFields({ draft, errorOf, onChange }: ConditionFieldsProps) {
  const t = useText('alerts');
  const reasons = useText('reasons');
  const { at, minutes: hasWindow } = PRESETS[draft.kind];
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {draft.kind === 'refusalRate' && (
        <Field label={t('family')} error={errorOf('condition.family')} className="sm:col-span-2">
          {(ids) => (
            <Select
              {...ids}
              value={draft.family ?? ''}
              onChange={(event) =>
                onChange({ family: FAMILY_ORDER.find((one) => one === event.target.value) ?? null })
              }
            >
              <option value="">{t('allFamilies')}</option>
              {FAMILY_ORDER.map((family) => (
                <option key={family} value={family}>
                  {reasons(`family.${family}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
      {at !== '' && (
        <NumberField
          label={t(`threshold.${draft.kind}`)}
          value={draft.value}
          error={errorOf(`condition.${at}`)}
          onChange={(value) => onChange({ value })}
        />
      )}
      {hasWindow > 0 && (
        <NumberField
          label={t('window')}
          value={draft.minutes}
          error={errorOf('condition.windowMinutes')}
          onChange={(minutes) => onChange({ minutes })}
        />
      )}
      <NumberField
        label={t('repeat')}
        hint={t('repeatHint')}
        value={draft.repeat}
        error={errorOf('repeatMinutes')}
        onChange={(repeat) => onChange({ repeat })}
      />
      <NumberField
        label={t('calm')}
        value={draft.calm}
        error={errorOf('resolveAfterSeconds')}
        onChange={(calm) => onChange({ calm })}
      />
    </div>
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
