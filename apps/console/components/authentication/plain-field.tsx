'use client';

import { Field, Input, Select, TextArea } from '@/components/ui/field';
import { useText } from '@/lib/i18n';
import { hintOf, useSettingLabel, write, type SettingProps } from './field-parts';
import { LinesInput } from './lines-input';
import { kindOf, unitOf, type FieldKind } from './schema';
import { effective } from './use-settings-draft';

const WIDE: ReadonlySet<FieldKind> = new Set<FieldKind>(['long', 'lines', 'pairs']);

/** A setting with one control: text, number, choice, list or map. */
export function PlainField(props: SettingProps) {
  const { path, node, draft } = props;
  const kind = kindOf(node);
  const wide = WIDE.has(kind);
  return (
    <Field
      label={useSettingLabel(path)}
      error={draft.errorOf(path)}
      {...hintOf(node)}
      className={wide ? 'sm:col-span-2' : ''}
    >
      {(ids) => <Control {...props} ids={ids} />}
    </Field>
  );
}

interface ControlProps extends SettingProps {
  readonly ids: { readonly id: string };
}

function Control(props: ControlProps) {
  const { node, ids, disabled, draft, path } = props;
  const value = effective(draft.settings, path, node);
  const shared = { ...ids, disabled };
  const kind = kindOf(node);
  switch (kind) {
    case 'choice':
      return <ChoiceInput {...props} />;
    case 'number':
      return <NumberInput {...props} />;
    case 'lines':
    case 'pairs':
      return (
        <LinesInput
          {...shared}
          key={draft.generation}
          kind={kind}
          value={value}
          onChange={(next) => write(props, next)}
        />
      );
    case 'long':
      return (
        <TextArea
          {...shared}
          rows={2}
          className="mono"
          spellCheck={false}
          value={textOf(value)}
          onChange={(event) => write(props, event.target.value)}
        />
      );
    default:
      return (
        <Input
          {...shared}
          className="mono"
          value={textOf(value)}
          onChange={(event) => write(props, event.target.value)}
        />
      );
  }
}

function ChoiceInput(props: ControlProps) {
  const { node, ids, disabled, draft, path } = props;
  const t = useText('authentication');
  const options = (node.enum ?? []).map(String);
  const name = path.split('.').at(-1) ?? path;
  return (
    <Select
      {...ids}
      disabled={disabled}
      value={textOf(effective(draft.settings, path, node))}
      onChange={(event) => write(props, event.target.value)}
    >
      {options.map((option) => (
        <option key={option} value={option}>
          {t.has(`choice.${name}.${option}`) ? t(`choice.${name}.${option}`) : option}
        </option>
      ))}
    </Select>
  );
}

function NumberInput(props: ControlProps) {
  const { node, ids, disabled, draft, path } = props;
  const unit = unitOf(path);
  return (
    <span className="flex items-center gap-2">
      <Input
        {...ids}
        disabled={disabled}
        inputMode="numeric"
        className="nums max-w-40"
        value={textOf(effective(draft.settings, path, node))}
        onChange={(event) => write(props, numberOf(event.target.value))}
      />
      {unit !== undefined && <span className="text-sm text-muted">{unit}</span>}
    </span>
  );
}

/** What is no number stays as it was typed: the field says what is wrong. */
const numberOf = (text: string): number | string =>
  /^-?\d+(?:\.\d+)?$/.test(text.trim()) ? Number(text) : text;

/** What has no text of its own (a newer server's thought) shows as what it is in JSON. */
const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
