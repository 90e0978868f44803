'use client';

import type { AccessRuleDto } from '@gatehouse/contract';
import { useState } from 'react';
import { LinesInput } from '@/components/authentication/lines-input';
import { Field, Input, Select } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { CheckboxField } from '@/components/ui/toggle';
import { api } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useForm } from '@/lib/use-form';
import { useSave } from '@/lib/use-save';
import { STALE } from './use-rule-actions';
import { WhoFields } from './who-fields';
import { draftOf, type WhoDraft, whoOf } from './who';

interface RuleDialogProps {
  /** Undefined: a new one. */
  readonly rule: AccessRuleDto | undefined;
  readonly onClose: () => void;
}

interface Draft {
  readonly permission: AccessRuleDto['permission'];
  readonly phase: AccessRuleDto['phase'];
  /** Undefined: it says more than the form can, and stays as it is. */
  readonly who: WhoDraft | undefined;
  readonly action: AccessRuleDto['action'];
  readonly topics: readonly string[];
  readonly qos: readonly (0 | 1 | 2)[];
  readonly retain: boolean | null;
  readonly comment: string;
}

const LEVELS = [0, 1, 2] as const;
const ACTIONS = ['all', 'publish', 'subscribe'] as const;
const RETAINS = { any: null, set: true, unset: false } as const;
type RetainChoice = keyof typeof RETAINS;

const NEW: Draft = {
  permission: 'deny',
  phase: 'before',
  who: { match: 'everyone', conditions: [] },
  action: 'all',
  topics: [],
  qos: [],
  retain: null,
  comment: '',
};

function draftFrom(rule: AccessRuleDto | undefined): Draft {
  if (rule === undefined) return NEW;
  const { permission, phase, who, action, topics, qos, retain, comment } = rule;
  return { permission, phase, who: draftOf(who), action, topics, qos: qos ?? [], retain, comment };
}

/** Its place is not changed here: it is moved in the list. */
const bodyOf = ({ phase, who, qos, ...rest }: Draft, isNew: boolean): object => ({
  ...rest,
  ...(isNew ? { phase } : {}),
  ...(who === undefined ? {} : { who: whoOf(who) }),
  qos: qos.length === 0 || qos.length === LEVELS.length ? null : qos,
});

/** Writes a new rule or changes one; in force at once. */
export function RuleDialog({ rule, onClose }: RuleDialogProps) {
  const t = useText('access');
  const common = useText('common');
  const [draft, setDraft] = useState(() => draftFrom(rule));
  const change = (part: Partial<Draft>): void => setDraft((now) => ({ ...now, ...part }));
  const isNew = rule === undefined;
  const body = bodyOf(draft, isNew);
  const save = useSave(
    () =>
      isNew
        ? api.post<AccessRuleDto>('/acl-rules', body)
        : api.patch<AccessRuleDto>(`/acl-rules/${rule.id}`, body),
    { stale: STALE, done: () => t(isNew ? 'added' : 'changed'), onDone: onClose },
  );
  const form = useForm(isNew ? 'createAccessRule' : 'updateAccessRule', body, save);
  const { errorOf } = form;
  return (
    <FormDialog
      title={t(isNew ? 'add' : 'edit')}
      description={t('dialogHint')}
      submitLabel={common(isNew ? 'create' : 'save')}
      form={form}
      onClose={onClose}
    >
      <WhatFields draft={draft} isNew={isNew} onChange={change} />
      {draft.who === undefined ? (
        <p className="text-sm text-muted">{t('whoByApi')}</p>
      ) : (
        <WhoFields who={draft.who} error={errorOf('who')} onChange={(who) => change({ who })} />
      )}
      <Field label={t('topics')} hint={t('topicsHint')} error={errorOf('topics')}>
        {(ids) => (
          <LinesInput
            {...ids}
            disabled={false}
            kind="lines"
            value={[...draft.topics]}
            onChange={(value) => change({ topics: linesOf(value) })}
          />
        )}
      </Field>
      <FacetFields draft={draft} onChange={change} />
      <Field label={t('comment')} optional={common('optional')} error={errorOf('comment')}>
        {(ids) => (
          <Input
            {...ids}
            maxLength={500}
            value={draft.comment}
            onChange={(event) => change({ comment: event.target.value })}
          />
        )}
      </Field>
    </FormDialog>
  );
}

function linesOf(value: unknown): readonly string[] {
  const lines: readonly unknown[] = Array.isArray(value) ? value : [value];
  return lines.filter((line): line is string => typeof line === 'string' && line !== '');
}

interface PartProps {
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
}

/** What it does, when it is asked, and about what. */
function WhatFields({ draft, isNew, onChange }: PartProps & { readonly isNew: boolean }) {
  const t = useText('access');
  return (
    <div className="grid gap-4 sm:grid-cols-3">
      <Field label={t('permission')}>
        {(ids) => (
          <Select
            {...ids}
            data-autofocus
            value={draft.permission}
            onChange={(event) => {
              const permission = event.target.value === 'allow' ? 'allow' : 'deny';
              onChange({
                permission,
                ...(isNew ? { phase: permission === 'deny' ? 'before' : 'after' } : {}),
              });
            }}
          >
            {(['deny', 'allow'] as const).map((one) => (
              <option key={one} value={one}>
                {t(`permissions.${one}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t('action')}>
        {(ids) => (
          <Select
            {...ids}
            value={draft.action}
            onChange={(event) =>
              onChange({ action: ACTIONS.find((one) => one === event.target.value) ?? 'all' })
            }
          >
            {ACTIONS.map((one) => (
              <option key={one} value={one}>
                {t(`actionNames.${one}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {isNew && (
        <Field label={t('phase')}>
          {(ids) => (
            <Select
              {...ids}
              value={draft.phase}
              onChange={(event) => onChange({ phase: event.target.value === 'after' ? 'after' : 'before' })}
            >
              <option value="before">{t('phases.before')}</option>
              <option value="after">{t('phases.after')}</option>
            </Select>
          )}
        </Field>
      )}
    </div>
  );
}

/** QoS and RETAIN: none chosen means any. */
function FacetFields({ draft, onChange }: PartProps) {
  const t = useText('access');
  const retain: RetainChoice = draft.retain === null ? 'any' : draft.retain ? 'set' : 'unset';
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <fieldset className="min-w-0">
        <legend className="mb-1 text-sm font-medium">{t('qos')}</legend>
        <div className="flex flex-wrap gap-4">
          {LEVELS.map((level) => (
            <CheckboxField
              key={level}
              checked={draft.qos.includes(level)}
              label={t('qosLevel', { level: String(level) })}
              onChange={(event) =>
                onChange({
                  qos: LEVELS.filter((one) =>
                    one === level ? event.target.checked : draft.qos.includes(one),
                  ),
                })
              }
            />
          ))}
        </div>
        <p className="text-xs text-muted">{t('qosHint')}</p>
      </fieldset>
      <Field label={t('retain')} hint={t('retainHint')}>
        {(ids) => (
          <Select
            {...ids}
            value={retain}
            onChange={(event) => onChange({ retain: RETAINS[choiceOf(event.target.value)] })}
          >
            {(['any', 'set', 'unset'] as const).map((one) => (
              <option key={one} value={one}>
                {t(`retains.${one}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </div>
  );
}

const choiceOf = (text: string): RetainChoice => (text === 'set' || text === 'unset' ? text : 'any');
