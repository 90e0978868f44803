'use client';

import type { AlertChannelDto } from '@gatehouse/contract';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input, Select } from '@/components/ui/field';
import { ProblemNotice } from '@/components/ui/problem-notice';
import { showToast } from '@/components/ui/toast';
import { CheckboxField } from '@/components/ui/toggle';
import { api, fieldErrors, problemOf } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useAction } from '@/lib/use-action';
import { STALE } from './words';

const KINDS = ['webhook', 'email', 'mqtt'] as const;
const SECURITIES = ['starttls', 'tls', 'none'] as const;
const TEXTS = {
  webhook: ['url', 'secret'],
  email: ['host', 'port', 'username', 'password', 'from', 'recipients'],
  mqtt: [],
} as const;
type Kind = (typeof KINDS)[number];
type TextName = (typeof TEXTS)[Kind][number];

interface Draft {
  readonly name: string;
  readonly kind: Kind;
  readonly texts: Readonly<Partial<Record<TextName, string>>>;
  readonly security: (typeof SECURITIES)[number];
  readonly retain: boolean;
}

/** What was left empty is not sent: the server says what it needs. */
const given = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

function targetOf({ kind, texts, security, retain }: Draft): object {
  switch (kind) {
    case 'mqtt':
      return { kind, retain };
    case 'webhook':
      return { kind, url: given(texts.url), secret: given(texts.secret) };
    case 'email':
      return {
        kind,
        host: texts.host ?? '',
        port: Number(texts.port),
        security,
        username: texts.username ?? '',
        password: given(texts.password),
        from: texts.from ?? '',
        to: (texts.recipients ?? '').split(',').map((one) => one.trim()),
      };
  }
}

/** Where the API names what a field holds. */
const pathOf = (name: TextName): string => `target.${name === 'recipients' ? 'to.0' : name}`;
const HINTS: Readonly<Partial<Record<TextName, string>>> = {
  url: 'urlHint',
  secret: 'secretHint',
  recipients: 'recipientsHint',
};
const OPTIONAL: readonly TextName[] = ['secret', 'username', 'password'];
const HIDDEN: readonly TextName[] = ['secret', 'password'];

/** Makes a channel; what is secret about it is written here and shown nowhere. */
export function ChannelDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useText('alerts');
  const common = useText('common');
  const [draft, setDraft] = useState<Draft>({
    name: '',
    kind: 'webhook',
    texts: { port: '587' },
    security: 'starttls',
    retain: true,
  });
  const change = (part: Partial<Draft>): void => setDraft((now) => ({ ...now, ...part }));
  const create = useAction(
    () => api.post<AlertChannelDto>('/alert-channels', { name: draft.name, target: targetOf(draft) }),
    {
      stale: STALE,
      toastProblems: false,
      onDone: () => {
        showToast({ tone: 'good', text: t('made') });
        onClose();
      },
    },
  );
  const problem = create.error === null ? null : problemOf(create.error);
  const errorOf = fieldErrors(problem);
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('newChannel')}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button tone="primary" busy={create.isPending} onClick={() => create.mutate(undefined)}>
            {t('create')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <ProblemNotice problem={problem?.errors === undefined ? problem : null} />
        <div className="grid gap-4 sm:grid-cols-[10rem_1fr]">
          <Field label={t('kind')}>
            {(ids) => (
              <Select
                {...ids}
                data-autofocus
                value={draft.kind}
                onChange={(event) =>
                  change({ kind: KINDS.find((one) => one === event.target.value) ?? 'webhook' })
                }
              >
                {KINDS.map((kind) => (
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
        {TEXTS[draft.kind].map((name) => (
          <Field
            key={name}
            label={t(name)}
            hint={HINTS[name] === undefined ? undefined : t(HINTS[name])}
            error={errorOf(pathOf(name))}
            {...(OPTIONAL.includes(name) ? { optional: common('optional') } : {})}
          >
            {(ids) => (
              <Input
                {...ids}
                type={HIDDEN.includes(name) ? 'password' : 'text'}
                autoComplete={HIDDEN.includes(name) ? 'new-password' : 'off'}
                value={draft.texts[name] ?? ''}
                onChange={(event) => change({ texts: { ...draft.texts, [name]: event.target.value } })}
              />
            )}
          </Field>
        ))}
        {draft.kind === 'email' && (
          <Field label={t('security')} error={errorOf('target.security')}>
            {(ids) => (
              <Select
                {...ids}
                value={draft.security}
                onChange={(event) =>
                  change({ security: SECURITIES.find((one) => one === event.target.value) ?? 'starttls' })
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
        )}
        {draft.kind === 'mqtt' && (
          <CheckboxField
            label={t('retain')}
            checked={draft.retain}
            onChange={(event) => change({ retain: event.target.checked })}
          />
        )}
      </div>
    </Dialog>
  );
}
