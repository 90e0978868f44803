'use client';

import type { ApiKeyDto, Scope } from '@gatehouse/contract';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/copy';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input, Select } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { CheckboxField } from '@/components/ui/toggle';
import { api } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useSession } from '@/lib/session';
import { useForm } from '@/lib/use-form';
import { useSave } from '@/lib/use-save';
import { KEY_ROLES, scopesOfRole, type KeyRole } from './key-scopes';

type CreatedKey = ApiKeyDto & { readonly key: string };
const DAY_MS = 86_400_000;
const LIFETIMES_DAYS = [30, 90, 365, 0] as const;

/** Asks for a name and what the key may do; then shows it, once. */
export function CreateKeyDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useText('settings');
  const [made, setMade] = useState<CreatedKey | null>(null);
  if (made === null) return <KeyForm onClose={onClose} onMade={setMade} />;
  return (
    <Dialog
      open
      sticky
      onClose={onClose}
      title={t('keys.madeTitle', { name: made.name })}
      footer={
        <Button tone="primary" onClick={onClose}>
          {t('keys.kept')}
        </Button>
      }
    >
      <div className="flex flex-col gap-3">
        <p className="text-sm text-muted">{t('keys.once')}</p>
        <CodeBlock label={t('keys.key')} code={made.key} />
        <CodeBlock
          label={t('keys.example')}
          code={`curl -H 'Authorization: Bearer ${made.key}' \\\n  ${window.location.origin}/api/v1/unauthorized-clients`}
        />
      </div>
    </Dialog>
  );
}

interface KeyDraft {
  readonly name: string;
  readonly role: KeyRole;
  /** 0: never expires. */
  readonly days: number;
  readonly scopes: ReadonlySet<Scope>;
}

const EMPTY: KeyDraft = { name: '', role: 'viewer', days: LIFETIMES_DAYS[1], scopes: new Set() };

interface KeyFormProps {
  readonly onClose: () => void;
  readonly onMade: (key: CreatedKey) => void;
}

function KeyForm({ onClose, onMade }: KeyFormProps) {
  const t = useText('settings');
  const common = useText('common');
  const session = useSession();
  const [draft, setDraft] = useState(EMPTY);
  const change = (part: Partial<KeyDraft>): void => setDraft((now) => ({ ...now, ...part }));
  const offered = scopesOfRole(draft.role).filter((scope) => session.scopes.includes(scope));
  const scopes = offered.filter((scope) => draft.scopes.has(scope));
  const body = { name: draft.name, role: draft.role, scopes };
  const save = useSave(
    () =>
      api.post<CreatedKey>('/api-keys', {
        ...body,
        expiresAt: draft.days === 0 ? null : new Date(Date.now() + draft.days * DAY_MS).toISOString(),
      }),
    { stale: ['/api-keys'], onDone: onMade },
  );
  const form = useForm('createApiKey', body, save);
  const { errorOf } = form;
  return (
    <FormDialog title={t('keys.create')} submitLabel={common('create')} form={form} onClose={onClose}>
      <KeyFields draft={draft} error={errorOf('name')} onChange={change} />
      <ScopeFields offered={offered} scopes={draft.scopes} onChange={(next) => change({ scopes: next })} />
    </FormDialog>
  );
}

interface KeyFieldsProps {
  readonly draft: KeyDraft;
  readonly onChange: (part: Partial<KeyDraft>) => void;
}

function KeyFields({ draft, error, onChange }: KeyFieldsProps & { readonly error: string | undefined }) {
  const t = useText('settings');
  const common = useText('common');
  return (
    <>
      <Field label={t('keys.name')} hint={t('keys.nameHint')} error={error}>
        {(ids) => (
          <Input
            {...ids}
            autoFocus
            maxLength={100}
            value={draft.name}
            onChange={(event) => onChange({ name: event.target.value })}
          />
        )}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <RoleField draft={draft} onChange={onChange} />
        <Field label={t('keys.expires')}>
          {(ids) => (
            <Select
              {...ids}
              value={draft.days}
              onChange={(event) => onChange({ days: Number(event.target.value) })}
            >
              {LIFETIMES_DAYS.map((each) => (
                <option key={each} value={each}>
                  {each === 0 ? common('never') : t('keys.days', { count: each })}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
    </>
  );
}

function RoleField({ draft, onChange }: KeyFieldsProps) {
  const t = useText('settings');
  const shell = useText('shell');
  return (
    <Field label={t('keys.role')}>
      {(ids) => (
        <Select
          {...ids}
          value={draft.role}
          onChange={(event) =>
            onChange({ role: KEY_ROLES.find((one) => one === event.target.value) ?? 'viewer' })
          }
        >
          {KEY_ROLES.map((one) => (
            <option key={one} value={one}>
              {shell(`role.${one}`)}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

interface ScopeFieldsProps {
  readonly offered: readonly Scope[];
  readonly scopes: ReadonlySet<Scope>;
  readonly onChange: (scopes: ReadonlySet<Scope>) => void;
}

/** Narrower than the role, if any is chosen; never more than whoever makes the key may do. */
function ScopeFields({ offered, scopes, onChange }: ScopeFieldsProps) {
  const t = useText('settings');
  const toggle = (scope: Scope, on: boolean): void => {
    const next = new Set(scopes);
    if (on) next.add(scope);
    else next.delete(scope);
    onChange(next);
  };
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-sm font-medium">{t('keys.scopesLabel')}</legend>
      <p className="text-xs text-muted">{t('keys.scopesHint')}</p>
      <div className="grid gap-1.5 sm:grid-cols-2">
        {offered.map((scope) => (
          <CheckboxField
            key={scope}
            label={<span className="mono">{scope}</span>}
            checked={scopes.has(scope)}
            onChange={(event) => toggle(scope, event.target.checked)}
          />
        ))}
      </div>
    </fieldset>
  );
}
