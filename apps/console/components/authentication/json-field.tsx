'use client';

import { CodeBlock } from '@/components/ui/copy';
import { Field } from '@/components/ui/field';
import { useText } from '@/lib/i18n';
import { hintOf, useSettingLabel, write, type SettingProps } from './field-parts';
import { LinesInput } from './lines-input';
import { valueAt } from './schema';
import { effective } from './use-settings-draft';

/** What has no fields of its own: JSON, with what it looks like and where it breaks. */
export function JsonField(props: SettingProps) {
  const { path, node, draft, disabled } = props;
  const t = useText('authentication');
  const example = `example.${String(valueAt(draft.settings, 'type'))}.${path}`;
  return (
    <div className="flex min-w-0 flex-col gap-2 sm:col-span-2">
      <Field label={useSettingLabel(path)} error={draft.errorOf(path)} {...hintOf(node)}>
        {(ids) => (
          <LinesInput
            {...ids}
            key={draft.generation}
            kind="json"
            disabled={disabled}
            value={effective(draft.settings, path, node)}
            onChange={(next) => write(props, next)}
          />
        )}
      </Field>
      {t.has(`${example}.text`) && (
        <details className="text-sm">
          <summary className="text-muted">{t('example.title')}</summary>
          <p className="my-2 text-xs text-muted">{t(`${example}.text`)}</p>
          <CodeBlock label={t('example.title')} code={EXAMPLES[path] ?? ''} />
        </details>
      )}
    </div>
  );
}

/** As it is written, ready to be copied and changed. */
const EXAMPLES: Readonly<Record<string, string>> = {
  credentials: `[
  {
    "name": "Pumps",
    "match": { "cn_pattern": "pump-[0-9]+" },
    "rules_by_cn": {
      "pump-[0-9]+": [
        { "permission": "allow", "action": "all", "topic": "pumps/\${cn}/#" }
      ]
    }
  },
  {
    "name": "Gateway",
    "match": { "fingerprint": "${'5e'.repeat(32)}" },
    "rules": [
      { "permission": "allow", "action": "publish", "topic": "gateway/#" }
    ]
  }
]`,
};
