'use client';

import type { AclRuleDto } from '@gatehouse/contract';
import { CheckboxField } from '@/components/ui/toggle';
import { useText } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazy-part';
import { FieldError, useSettingLabel, type SettingProps } from './field-parts';
import { isTree, valueAt } from './schema';

const RulesEditor = lazyPart(() =>
  import('@/components/credentials/rules-editor').then((module) => module.RulesEditor),
);

const NEW_RULE: AclRuleDto = { permission: 'allow', action: 'all', topic: '' };

const isRule = (value: unknown): value is AclRuleDto =>
  isTree(value) && ['permission', 'action', 'topic'].every((part) => typeof value[part] === 'string');

/** Access rules in settings: those of new credentials, or ones of its own. */
export function RulesField({ path, draft, disabled }: SettingProps) {
  const t = useText('authentication');
  const value = valueAt(draft.settings, path);
  const rules = Array.isArray(value) ? value.filter(isRule) : undefined;
  // What is said against one rule stands at that rule.
  const saidAtRule = rules?.some((_, index) => draft.errorOf(`${path}.${index}.topic`) !== undefined);
  return (
    <fieldset className="flex min-w-0 flex-col gap-3 sm:col-span-2">
      <legend className="sr-only">{useSettingLabel(path)}</legend>
      <CheckboxField
        label={t('rules.own')}
        hint={t('rules.ownHint')}
        checked={rules !== undefined}
        disabled={disabled}
        onChange={(event) => draft.change(path, event.target.checked ? [NEW_RULE] : undefined)}
      />
      {rules !== undefined && (
        <RulesEditor
          rules={rules}
          disabled={disabled}
          errorOf={draft.errorOf}
          onChange={(next) => draft.change(path, next)}
        />
      )}
      {saidAtRule !== true && <FieldError text={draft.errorOf(path)} />}
    </fieldset>
  );
}
