'use client';

import { Checkbox, CheckboxField } from '@/components/ui/toggle';
import { FieldError, hintOf, useSettingLabel, write, type SettingProps } from './field-parts';
import { Prose } from './prose';
import { effective } from './use-settings-draft';

/** On or off. */
export function FlagField(props: SettingProps) {
  const { path, node, draft, disabled } = props;
  return (
    <div className="sm:col-span-2">
      <CheckboxField
        label={useSettingLabel(path)}
        {...hintOf(node)}
        checked={effective(draft.settings, path, node) === true}
        disabled={disabled}
        onChange={(event) => write(props, event.target.checked)}
      />
      <FieldError text={draft.errorOf(path)} />
    </div>
  );
}

/** Any of a few. */
export function ChoicesField(props: SettingProps) {
  const { path, node, draft, disabled } = props;
  const value = effective(draft.settings, path, node);
  const chosen = Array.isArray(value) ? value.map(String) : [];
  const options = (node.items?.enum ?? []).map(String);
  return (
    <fieldset className="sm:col-span-2">
      <legend className="text-sm font-medium">{useSettingLabel(path)}</legend>
      <div className="mt-1 flex flex-wrap gap-x-4 gap-y-1">
        {options.map((option) => (
          <label key={option} className="mono flex min-h-6 items-center gap-2 text-sm">
            <Checkbox
              checked={chosen.includes(option)}
              disabled={disabled}
              onChange={(event) =>
                write(
                  props,
                  options.filter((one) => (one === option ? event.target.checked : chosen.includes(one))),
                )
              }
            />
            {option}
          </label>
        ))}
      </div>
      {node.description !== undefined && (
        <p className="mt-1 text-xs text-muted">
          <Prose text={node.description} />
        </p>
      )}
      <FieldError text={draft.errorOf(path)} />
    </fieldset>
  );
}
