'use client';

import { CheckboxField } from '@/components/ui/toggle';
import { hintOf, useSettingLabel, type SettingProps } from './field-parts';
import { ChoicesField, FlagField } from './flag-fields';
import { JsonField } from './json-field';
import { PlainField } from './plain-field';
import { isRelevant } from './relevance';
import { RulesField } from './rules-field';
import { kindOf, valueAt } from './schema';
import { SecretField } from './secret-field';

/** One setting, drawn as its schema asks. */
export function SettingField(props: SettingProps) {
  if (kindOf(props.node) === 'group') return <SettingsGroup {...props} />;
  if (props.node.secret === true) return <SecretField {...props} />;
  switch (kindOf(props.node)) {
    case 'flag':
      return <FlagField {...props} />;
    case 'choices':
      return <ChoicesField {...props} />;
    case 'rules':
      return <RulesField {...props} />;
    case 'json':
      return <JsonField {...props} />;
    default:
      return <PlainField {...props} />;
  }
}

/** Settings within a setting. One without a default is there or not, and has a switch. */
function SettingsGroup(props: SettingProps) {
  const { path, node, draft, disabled, secrets } = props;
  const label = useSettingLabel(path);
  const optional = node.default === undefined;
  const used = !optional || valueAt(draft.settings, path) !== undefined;
  return (
    <div className="grid gap-4 sm:col-span-2 sm:grid-cols-2">
      {optional && (
        <div className="sm:col-span-2">
          <CheckboxField
            label={label}
            {...hintOf(node)}
            checked={used}
            disabled={disabled}
            onChange={(event) => draft.change(path, event.target.checked ? {} : undefined)}
          />
        </div>
      )}
      {used &&
        Object.entries(node.properties ?? {})
          .filter(([name]) => isRelevant(`${path}.${name}`, { settings: draft.settings, secrets }))
          .map(([name, below]) => (
            <SettingField key={name} {...props} path={`${path}.${name}`} node={below} />
          ))}
    </div>
  );
}
