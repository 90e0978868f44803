'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field, Input, Select } from '@/components/ui/field';
import { useText } from '@/lib/i18n';
import { toggleExcluded, toggleIncluded } from '@/lib/unauthorized/set-choice';
import {
  CONTAINS_MIN_CHARACTERS,
  TEXT_OPERATORS,
  isServed,
  type TextOperator,
} from '@/lib/unauthorized/text-choice';
import type { ViewControl } from '@/lib/unauthorized/use-view';
import { IS_VALUE, TEXT_FIELDS, type TextField, type View, type ViewPatch } from '@/lib/unauthorized/view';

type Draft = { readonly value: string } & (
  | { readonly field: TextField; readonly operator: TextOperator }
  | { readonly field: 'ip'; readonly operator: 'eq' | 'not' }
);

const FIELDS = [...TEXT_FIELDS, 'ip'] as const;
const IP_OPERATORS = ['eq', 'not'] as const;

/** What adding the draft changes; null while it is not complete, or would be refused. */
function patchOf(draft: Draft, view: View): ViewPatch | null {
  if (draft.field !== 'ip') {
    const choice = { operator: draft.operator, value: draft.value };
    return isServed(choice) ? { [draft.field]: choice } : null;
  }
  if (!IS_VALUE.ip(draft.value)) return null;
  const toggle = draft.operator === 'not' ? toggleExcluded : toggleIncluded;
  return { ip: toggle(view.ip, draft.value) };
}

const withField = (draft: Draft, name: string): Draft => {
  const field = TEXT_FIELDS.find((one) => one === name);
  return field === undefined
    ? { field: 'ip', operator: 'eq', value: draft.value }
    : { field, operator: draft.field === 'ip' ? 'starts' : draft.operator, value: draft.value };
};

const withOperator = (draft: Draft, name: string): Draft =>
  draft.field === 'ip'
    ? { ...draft, operator: IP_OPERATORS.find((one) => one === name) ?? 'eq' }
    : { ...draft, operator: TEXT_OPERATORS.find((one) => one === name) ?? 'starts' };

interface AddFilterProps {
  readonly control: ViewControl;
  readonly onDone: () => void;
}

/** A filter in words: field, operator, value. */
export function AddFilter({ control, onDone }: AddFilterProps) {
  const t = useText('unauthorized');
  const [draft, setDraft] = useState<Draft>({ field: 'clientId', operator: 'starts', value: '' });
  const [tried, setTried] = useState(false);
  const patch = patchOf(draft, control.view);
  const hint = t(draft.field === 'ip' ? 'addFilter.ip' : `addFilter.${draft.operator}`, {
    min: CONTAINS_MIN_CHARACTERS,
  });
  return (
    <form
      className="card flex flex-wrap items-start gap-2 p-3"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (patch === null) return;
        control.change(patch);
        onDone();
      }}
    >
      <SubjectFields draft={draft} onChange={setDraft} />
      <Field
        label={t('addFilter.value')}
        hint={hint}
        error={tried && patch === null ? hint : undefined}
        className="flex-[1_1_14rem]"
      >
        {(ids) => (
          <Input
            {...ids}
            autoFocus
            className="mono"
            maxLength={1000}
            value={draft.value}
            onChange={(event) => setDraft({ ...draft, value: event.target.value.trim() })}
          />
        )}
      </Field>
      <div className="flex gap-2 sm:pt-6">
        <Button type="submit" tone="primary">
          {t('addFilter.add')}
        </Button>
        <Button onClick={onDone}>{t('addFilter.cancel')}</Button>
      </div>
    </form>
  );
}

interface SubjectFieldsProps {
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
}

/** Which field, and how it is compared. */
function SubjectFields({ draft, onChange }: SubjectFieldsProps) {
  const t = useText('unauthorized');
  return (
    <>
      <Field label={t('addFilter.field')}>
        {(ids) => (
          <Select
            {...ids}
            value={draft.field}
            onChange={(event) => onChange(withField(draft, event.target.value))}
          >
            {FIELDS.map((field) => (
              <option key={field} value={field}>
                {t(`field.${field}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t('addFilter.operator')}>
        {(ids) => (
          <Select
            {...ids}
            value={draft.operator}
            onChange={(event) => onChange(withOperator(draft, event.target.value))}
          >
            {(draft.field === 'ip' ? IP_OPERATORS : TEXT_OPERATORS).map((operator) => (
              <option key={operator} value={operator}>
                {t(`operator.${operator}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </>
  );
}
