'use client';

import type { AlertChannelDto } from '@gatehouse/contract';
import { useState } from 'react';
import { Field, Input, Select, TextArea } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { CheckboxField } from '@/components/ui/toggle';
import { api } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useForm } from '@/lib/use-form';
import { useSave } from '@/lib/use-save';
import {
  CHANNEL_KINDS,
  CHANNEL_TEXTS,
  channelBodyOf,
  channelDraftOf,
  SECURITIES,
  type ChannelDraft,
  type TextName,
} from './channel-draft';
import { STALE } from './words';

/** Where the API names what a field holds. */
const pathOf = (name: TextName): string => `target.${name === 'recipients' ? 'to' : name}`;
const HINTS: Readonly<Partial<Record<TextName, string>>> = {
  url: 'urlHint',
  secret: 'secretHint',
  recipients: 'recipientsHint',
};
const OPTIONAL: readonly TextName[] = ['secret', 'username', 'password'];
const HIDDEN: readonly TextName[] = ['secret', 'password'];
/** What is written and never read. */
const KEPT: readonly TextName[] = ['url', 'secret', 'password'];

interface ChannelDialogProps {
  /** Null: a new one. */
  readonly channel: AlertChannelDto | null;
  readonly onClose: () => void;
}

/** Makes or changes a channel; what is secret about it is written here and shown nowhere. */
export function ChannelDialog({ channel, onClose }: ChannelDialogProps) {
  const t = useText('alerts');
  const common = useText('common');
  const [draft, setDraft] = useState(() => channelDraftOf(channel));
  const change = (part: Partial<ChannelDraft>): void => setDraft((now) => ({ ...now, ...part }));
  const body = channelBodyOf(draft);
  const save = useSave(
    () =>
      channel === null
        ? api.post<AlertChannelDto>('/alert-channels', body)
        : api.patch<AlertChannelDto>(`/alert-channels/${channel.id}`, body, { version: channel.version }),
    { stale: STALE, done: () => t(channel === null ? 'made' : 'changed'), onDone: onClose },
  );
  const form = useForm(channel === null ? 'createAlertChannel' : 'updateAlertChannel', body, save);
  const { errorOf } = form;
  return (
    <FormDialog
      title={channel === null ? t('newChannel') : t('editTitle', { name: channel.name })}
      submitLabel={channel === null ? t('create') : common('save')}
      form={form}
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-[10rem_1fr]">
        <Field label={t('kind')}>
          {(ids) => (
            <Select
              {...ids}
              data-autofocus
              disabled={channel !== null}
              value={draft.kind}
              onChange={(event) =>
                change({ kind: CHANNEL_KINDS.find((one) => one === event.target.value) ?? 'webhook' })
              }
            >
              {CHANNEL_KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {t(`channelKinds.${kind}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('name')} error={errorOf('name')}>
          {(ids) => (
            <Input
              {...ids}
              maxLength={100}
              value={draft.name}
              onChange={(event) => change({ name: event.target.value })}
            />
          )}
        </Field>
      </div>
      <TextFields draft={draft} isNew={channel === null} errorOf={errorOf} onChange={change} />
      {draft.kind === 'email' && <MailSecurity draft={draft} errorOf={errorOf} onChange={change} />}
      {draft.kind === 'mqtt' && (
        <CheckboxField
          label={t('retain')}
          checked={draft.retain}
          onChange={(event) => change({ retain: event.target.checked })}
        />
      )}
    </FormDialog>
  );
}

interface PartProps {
  readonly draft: ChannelDraft;
  readonly errorOf: (path: string) => string | undefined;
  readonly onChange: (part: Partial<ChannelDraft>) => void;
}

function TextFields({ draft, isNew, errorOf, onChange }: PartProps & { readonly isNew: boolean }) {
  const t = useText('alerts');
  const common = useText('common');
  const hintOf = (name: TextName): string | undefined => {
    if (!isNew && KEPT.includes(name)) return t('keptHint');
    return HINTS[name] === undefined ? undefined : t(HINTS[name]);
  };
  return CHANNEL_TEXTS[draft.kind].map((name) => (
    <Field
      key={name}
      label={t(name)}
      hint={hintOf(name)}
      error={errorOf(pathOf(name))}
      {...(OPTIONAL.includes(name) ? { optional: common('optional') } : {})}
    >
      {(ids) => (
        <Input
          {...ids}
          type={HIDDEN.includes(name) ? 'password' : 'text'}
          autoComplete={HIDDEN.includes(name) ? 'new-password' : 'off'}
          value={draft.texts[name] ?? ''}
          onChange={(event) => onChange({ texts: { ...draft.texts, [name]: event.target.value } })}
        />
      )}
    </Field>
  ));
}

/** How the mail server is spoken to, and who vouches for it. */
function MailSecurity({ draft, errorOf, onChange }: PartProps) {
  const t = useText('alerts');
  const common = useText('common');
  return (
    <>
      <Field label={t('security')} error={errorOf('target.security')}>
        {(ids) => (
          <Select
            {...ids}
            value={draft.security}
            onChange={(event) =>
              onChange({ security: SECURITIES.find((one) => one === event.target.value) ?? 'starttls' })
            }
          >
            {SECURITIES.map((one) => (
              <option key={one} value={one}>
                {t(`securities.${one}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {draft.security !== 'none' && (
        <Field
          label={t('mailCa')}
          hint={t('mailCaHint')}
          optional={common('optional')}
          error={errorOf('target.ca')}
        >
          {(ids) => (
            <TextArea
              {...ids}
              className="mono"
              spellCheck={false}
              value={draft.ca}
              onChange={(event) => onChange({ ca: event.target.value })}
            />
          )}
        </Field>
      )}
    </>
  );
}
