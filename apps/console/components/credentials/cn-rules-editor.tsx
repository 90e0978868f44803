'use client';

import { Plus, Trash2 } from 'lucide-react';
import { Button, IconButton } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { CheckboxField } from '@/components/ui/toggle';
import { useText } from '@/lib/i18n';
import { NEW_RULES } from './cn-entry';
import { RulesEditor } from './rules-editor';
import type { CnRulesDraft } from './typed-draft';

const ENTRIES_MAX = 1_000;
const NEW_ENTRY: CnRulesDraft = { pattern: '', rules: NEW_RULES };

interface CnRulesEditorProps {
  readonly entries: readonly CnRulesDraft[] | null;
  readonly disabled: boolean;
  readonly errorOf: (path: string) => string | undefined;
  readonly onChange: (entries: readonly CnRulesDraft[] | null) => void;
}

/** Rules by common name: every entry whose expression matches the whole name applies; no entry, no admission. */
export function CnRulesEditor({ entries, disabled, errorOf, onChange }: CnRulesEditorProps) {
  const t = useText('credentials');
  const replace = (index: number, change: Partial<CnRulesDraft>): void =>
    onChange((entries ?? []).map((entry, at) => (at === index ? { ...entry, ...change } : entry)));
  return (
    <div className="flex flex-col gap-3">
      <CheckboxField
        label={t('x509.byCn')}
        hint={t('x509.byCnHint')}
        checked={entries !== null}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked ? [NEW_ENTRY] : null)}
      />
      {entries?.map((entry, index) => (
        <div key={index} className="flex flex-col gap-3 rounded-md border border-line p-3">
          <div className="flex items-end gap-2">
            <Field
              label={t('x509.pattern')}
              error={errorOf(`rulesByCn.${index}.pattern`)}
              className="min-w-0 flex-1"
            >
              {(ids) => (
                <Input
                  {...ids}
                  required
                  disabled={disabled}
                  maxLength={512}
                  value={entry.pattern}
                  placeholder="pump-[0-9]+"
                  onChange={(event) => replace(index, { pattern: event.target.value })}
                  className="mono"
                />
              )}
            </Field>
            <IconButton
              label={t('x509.removeEntry')}
              disabled={disabled}
              onClick={() => onChange(entries.filter((_, at) => at !== index))}
            >
              <Trash2 aria-hidden />
            </IconButton>
          </div>
          <RulesEditor
            rules={entry.rules}
            disabled={disabled}
            errorOf={(path) => errorOf(`rulesByCn.${index}.${path}`)}
            onChange={(rules) => replace(index, { rules })}
          />
        </div>
      ))}
      {entries !== null && !disabled && entries.length < ENTRIES_MAX && (
        <Button
          size="sm"
          className="self-start"
          icon={<Plus aria-hidden className="size-4" />}
          onClick={() => onChange([...entries, NEW_ENTRY])}
        >
          {t('x509.addEntry')}
        </Button>
      )}
    </div>
  );
}
