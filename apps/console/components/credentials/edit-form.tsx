'use client';

import type { CredentialDto } from '@gatehouse/contract';
import { useState, type ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { Form } from '@/components/ui/form';
import { Notice } from '@/components/ui/states';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { api } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useForm } from '@/lib/use-form';
import { useSave } from '@/lib/use-save';
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
  const { draft, change, discard, changed, form } = useEdit(credential, addCn);
  const fields = {
    draft,
    disabled: !editable,
    errorOf: form.errorOf,
    onChange: change,
  };
  return (
    <Form form={form} className="flex flex-col gap-5">
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
      {editable && changed && <SaveBar busy={form.busy} onDiscard={discard} />}
    </Form>
  );
}

/** What is being changed, and how it is saved: over the version that was read, or not at all. */
function useEdit(credential: CredentialDto, addCn: string | null) {
  const t = useText('credentials');
  const [draft, setDraft] = useState<Draft>(() => beginningOf(credential, addCn));
  const body = toUpdate(draft);
  const path = `/credentials/${credential.id}`;
  const save = useSave(() => api.patch<CredentialDto>(path, body, { version: credential.version }), {
    stale: ['/credentials', path],
    done: () => t('toast.saved'),
  });
  return {
    draft,
    form: useForm('updateCredential', body, save),
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
