'use client';

import type { AuthenticatorDto, Problem } from '@gatehouse/contract';
import { Trash2 } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { showToast } from '@/components/ui/toast';
import { api, problemOf } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useMay } from '@/lib/session';
import { useAction } from '@/lib/use-action';
import { DeleteAuthenticator } from './delete-authenticator';
import { focusInvalid } from '@/lib/focus-invalid';
import { isSame, type SchemaNode, type Tree } from './schema';
import { SettingsDryRun } from './settings-dry-run';
import { SettingsForm } from './settings-form';
import { TestPanel } from './test-panel';
import { STALE, useConflict } from './use-authentication-actions';
import { toSend, useSettingsDraft, type SettingsDraft } from './use-settings-draft';
import { type AddedCn, withRulesForCn } from './with-cn';

interface EditFormProps {
  readonly one: AuthenticatorDto;
  readonly schema: SchemaNode;
  /** A common name that the form begins with rules for. */
  readonly addCn: AddedCn | undefined;
  readonly onClose: () => void;
}

/** Its settings, saved over the version that was read or not at all; tested as they stand here, unsaved. */
export function EditForm({ one, schema, addCn, onClose }: EditFormProps) {
  const may = useMay('authentication:write');
  const editable = may && one.source !== 'file';
  const draft = useSettingsDraft(schema, beginningOf(one, editable ? addCn : undefined));
  const form = useRef<HTMLFormElement>(null);
  const refuse = (problem: Problem | null): void => {
    draft.setProblem(problem);
    if (problem !== null) focusInvalid(form.current);
  };
  const { save, changed } = useSave(one, draft, refuse);
  const isReady = (): boolean => draft.isReady() || focusInvalid(form.current);
  const asDraft = (): Tree | undefined | null =>
    !changed ? undefined : isReady() ? toSend(draft.settings) : null;
  return (
    <form
      ref={form}
      noValidate
      className="flex flex-col gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady()) save.mutate(undefined);
      }}
    >
      {/* While it is being saved nothing is written: the form of the new version takes its place. */}
      <SettingsForm draft={draft} disabled={!editable || save.isPending} secrets={new Set(one.secrets)} />
      <TestPanel name={one.name} type={one.type} disabled={!may} settings={asDraft} onProblem={refuse} />
      {may && <SettingsDryRun one={one} disabled={!editable} settings={asDraft} onProblem={refuse} />}
      {editable && (
        <Buttons
          one={one}
          changed={changed}
          busy={save.isPending}
          onDiscard={draft.discard}
          onClose={onClose}
        />
      )}
    </form>
  );
}

const beginningOf = (one: AuthenticatorDto, addCn: AddedCn | undefined): Tree => {
  const settings = { ...one.settings, type: one.type };
  return addCn === undefined ? settings : withRulesForCn(settings, addCn);
};

function useSave(one: AuthenticatorDto, draft: SettingsDraft, refuse: (problem: Problem) => void) {
  const t = useText('authentication');
  const isConflict = useConflict();
  const save = useAction(
    () =>
      api.patch<AuthenticatorDto>(
        `/authenticators/${encodeURIComponent(one.name)}`,
        { settings: toSend(draft.settings) },
        { version: one.version },
      ),
    {
      stale: STALE,
      toastProblems: false,
      onDone: () => showToast({ tone: 'good', text: t('toast.saved', { name: one.name }) }),
    },
  );
  return {
    changed: !isSame(toSend(draft.settings), toSend({ ...one.settings, type: one.type })),
    save: {
      isPending: save.isPending,
      mutate: (none: undefined) =>
        save.mutate(none, {
          onError: (error) => {
            if (!isConflict(error)) refuse(problemOf(error));
          },
        }),
    },
  };
}

interface ButtonsProps {
  readonly one: AuthenticatorDto;
  readonly changed: boolean;
  readonly busy: boolean;
  readonly onDiscard: () => void;
  readonly onClose: () => void;
}

function Buttons({ one, changed, busy, onDiscard, onClose }: ButtonsProps) {
  const t = useText('authentication');
  const common = useText('common');
  const [deleting, setDeleting] = useState(false);
  return (
    <div className="sticky -bottom-4 -mx-5 flex flex-wrap justify-end gap-2 border-t border-line bg-raised px-5 py-3">
      {one.source === 'stored' && (
        <Button
          tone="danger"
          className="me-auto"
          icon={<Trash2 aria-hidden className="size-4" />}
          onClick={() => setDeleting(true)}
        >
          {one.name === 'builtin' ? t('delete.reset') : common('delete')}
        </Button>
      )}
      <Button disabled={!changed} onClick={onDiscard}>
        {t('drawer.discard')}
      </Button>
      <Button type="submit" tone="primary" busy={busy} disabled={!changed}>
        {common('save')}
      </Button>
      {deleting && <DeleteAuthenticator one={one} onClose={() => setDeleting(false)} onDeleted={onClose} />}
    </div>
  );
}
