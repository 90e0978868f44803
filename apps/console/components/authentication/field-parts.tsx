'use client';

import type { ReactNode } from 'react';
import { useText } from '@/lib/i18n';
import { Prose } from './prose';
import { isSame, type SchemaNode } from './schema';
import type { SettingsDraft } from './use-settings-draft';

export interface FormContext {
  readonly draft: SettingsDraft;
  readonly disabled: boolean;
  /** Dotted paths of secrets that are set on the server. */
  readonly secrets: ReadonlySet<string>;
}

export interface SettingProps extends FormContext {
  readonly path: string;
  readonly node: SchemaNode;
}

/** Its name in words; what a newer server has shows by the name it has there. */
export function useSettingLabel(path: string): string {
  const t = useText('authentication');
  const whole = path.replaceAll('.', '_');
  const last = path.split('.').at(-1) ?? path;
  return t.has(`field.${whole}`) ? t(`field.${whole}`) : t.has(`field.${last}`) ? t(`field.${last}`) : last;
}

/** What is written is left out again where it is what holds anyway. */
export const write = ({ draft, path, node }: SettingProps, value: unknown): void =>
  draft.change(path, isSame(value, node.default) ? undefined : value);

export const hintOf = ({ description }: SchemaNode): { readonly hint?: ReactNode } =>
  description === undefined ? {} : { hint: <Prose text={description} /> };

/** What is wrong, where the control is not in a field of its own. */
export const FieldError = ({ text }: { readonly text: string | undefined }) =>
  text === undefined ? null : (
    <p role="alert" className="mt-1 text-xs text-refused">
      {text}
    </p>
  );
