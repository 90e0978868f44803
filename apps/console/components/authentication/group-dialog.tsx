'use client';

import type { AuthenticatorDto } from '@gatehouse/contract';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Select } from '@/components/ui/field';
import { CheckboxField } from '@/components/ui/toggle';
import { useText } from '@/lib/i18n';
import { BINDS, type Group } from './chain-entries';

interface GroupDialogProps {
  /** What there is; undefined for a new group. */
  readonly group: Group | undefined;
  /** Those that no other step of the chain names. */
  readonly free: readonly AuthenticatorDto[];
  readonly onClose: () => void;
  readonly onSave: (group: Group) => void;
}

const MEMBERS_MIN = 2;
const wantsCertificate = (bind: Group['bind']): boolean => /^(cn|san)_/.test(bind);

/** What a group requires, who names its clients, and what ties its members together. */
export function GroupDialog({ group, free, onClose, onSave }: GroupDialogProps) {
  const t = useText('authentication');
  const common = useText('common');
  const [members, setMembers] = useState<readonly string[]>(group?.require ?? []);
  const [identity, setIdentity] = useState(group?.identity);
  const [bind, setBind] = useState(group?.bind);
  const hasCertificate = members.some((name) => free.find((one) => one.name === name)?.type === 'x509');
  const chosenIdentity = identity !== undefined && members.includes(identity) ? identity : members.at(-1);
  const usual = hasCertificate ? 'cn_username' : 'same_username';
  const chosenBind = bind === undefined || (wantsCertificate(bind) && !hasCertificate) ? usual : bind;
  const isWhole = members.length >= MEMBERS_MIN;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('required.dialogTitle')}
      description={t('required.text')}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button
            tone="primary"
            disabled={!isWhole}
            onClick={() => {
              if (chosenIdentity === undefined) return;
              onSave({ require: [...members], identity: chosenIdentity, bind: chosenBind });
            }}
          >
            {t('required.save')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1.5 text-sm font-medium">{t('required.members')}</legend>
          {free.map((one) => (
            <CheckboxField
              key={one.name}
              label={<span className="mono">{one.name}</span>}
              hint={one.type}
              checked={members.includes(one.name)}
              onChange={() =>
                setMembers(
                  members.includes(one.name)
                    ? members.filter((name) => name !== one.name)
                    : [...members, one.name],
                )
              }
            />
          ))}
          {!isWhole && <p className="text-sm text-muted">{t('required.tooFew')}</p>}
        </fieldset>
        {isWhole && (
          <>
            <Field label={t('required.identity')} hint={t('required.identityHint')}>
              {(ids) => (
                <Select {...ids} value={chosenIdentity} onChange={(event) => setIdentity(event.target.value)}>
                  {members.map((name) => (
                    <option key={name}>{name}</option>
                  ))}
                </Select>
              )}
            </Field>
            <Field label={t('required.bindLabel')} hint={t(`required.bind.${chosenBind}.text`)}>
              {(ids) => (
                <Select
                  {...ids}
                  value={chosenBind}
                  onChange={(event) => setBind(BINDS.find((one) => one === event.target.value))}
                >
                  {BINDS.filter((one) => hasCertificate || !wantsCertificate(one)).map((one) => (
                    <option key={one} value={one}>
                      {t(`required.bind.${one}.name`)}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
          </>
        )}
      </div>
    </Dialog>
  );
}
