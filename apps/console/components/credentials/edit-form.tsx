'use client';

import type { CredentialDto } from '@gatehouse/contract';
import { useState, type ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { ProblemNotice } from '@/components/ui/problem-notice';
import { Notice } from '@/components/ui/states';
import { showToast } from '@/components/ui/toast';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { api, fieldErrors, problemOf } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useAction } from '@/lib/use-action';
import { withEntryFor } from './cn-entry';
import { draftOf, toUpdate, type Draft } from './draft';
import { OptionFields } from './draft-fields';
import { IdentityOf } from './identity-of';
import { RulesEditor } from './rules-editor';

interface EditFormProps {
  readonly credential: CredentialDto;
  readonly editable: boolean;
  /** A common name that the form begins with an entry for; null: none. */
  readonly addCn: string | null;
}

/** Everything of a credential that can be changed, secret excepted. */
export function EditForm({ credential, editable, addCn }: EditFormProps) {
  const t = useText('credentials');
  const { draft, change, discard, changed, save } = useEdit(credential, addCn);
  const problem = save.error === null ? null : problemOf(save.error);
  const fields = {
    draft,
    disabled: !editable,
    errorOf: fieldErrors(problem),
    onChange: change,
  };
  return (
    <form
      className="flex flex-col gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(undefined);
      }}
    >
      {addCn !== null && draft.type === 'x509' && (
        <Notice>
          <VisibleSentence text={t('x509.addedFor', { name: addCn })} />
        </Notice>
      )}
      <DrawerSection title={t('create.identity')}>
        <IdentityOf {...fields} />
      </DrawerSection>
      <DrawerSection title={t('create.rules')}>
        <RulesEditor {...fields} rules={draft.rules} onChange={(rules) => change({ rules })} />
      </DrawerSection>
      <DrawerSection title={t('create.options')}>
        <OptionFields {...fields} />
      </DrawerSection>
      <ProblemNotice problem={problem} />
      {editable && changed && <SaveBar busy={save.isPending} onDiscard={discard} />}
    </form>
  );
}

/** What is being changed, and how it is saved: over the version that was read, or not at all. */
function useEdit(credential: CredentialDto, addCn: string | null) {
  const t = useText('credentials');
  const [draft, setDraft] = useState<Draft>(() => beginningOf(credential, addCn));
  const save = useAction(
    () =>
      api.patch<CredentialDto>(`/credentials/${credential.id}`, toUpdate(draft), {
        version: credential.version,
      }),
    {
      stale: ['/credentials', `/credentials/${credential.id}`],
      toastProblems: false,
      onDone: () => showToast({ tone: 'good', text: t('toast.saved') }),
    },
  );
  return {
    draft,
    save,
    change: (part: Partial<Draft>) => setDraft((now) => ({ ...now, ...part })),
    discard: () => setDraft(draftOf(credential)),
    changed: JSON.stringify(draft) !== JSON.stringify(draftOf(credential)),
  };
}

/** As it is, with an entry for a name that is to be added where it has rules by name. */
function beginningOf(credential: CredentialDto, addCn: string | null): Draft {
  const draft = draftOf(credential);
  if (addCn === null || draft.type !== 'x509') return draft;
  return { ...draft, rulesByCn: withEntryFor(draft.rulesByCn, addCn) };
}

function SaveBar({ busy, onDiscard }: { readonly busy: boolean; readonly onDiscard: () => void }) {
  const t = useText('credentials');
  const common = useText('common');
  return (
    <div className="sticky -bottom-4 -mx-5 flex justify-end gap-2 border-t border-line bg-raised px-5 py-3">
      <Button onClick={onDiscard}>{t('drawer.discard')}</Button>
      <Button type="submit" tone="primary" busy={busy}>
        {common('save')}
      </Button>
    </div>
  );
}

const DrawerSection = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <section className="flex flex-col gap-3 border-t border-line pt-4">
    <h3 className="text-base font-semibold">{title}</h3>
    {children}
  </section>
);
