'use client';

import { Send } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field, Input, TextArea } from '@/components/ui/field';
import { Card } from '@/components/ui/page';
import { CheckboxField } from '@/components/ui/toggle';
import { useText } from '@/lib/i18n';
import { NEW_DRAFT, toMessage, type MessageDraft } from './draft';
import { QosSelect } from './qos-select';
import type { Mqtt } from './use-mqtt';

/** Sends a message; the form keeps what it holds, for the next one. */
export function PublishForm({ mqtt }: { readonly mqtt: Mqtt }) {
  const t = useText('messages');
  const { connection } = mqtt;
  const mayPublish = connection.tag === 'online' && connection.session.mayPublish;
  const [draft, setDraft] = useState(NEW_DRAFT);
  const change = (part: Partial<MessageDraft>): void => setDraft({ ...draft, ...part });
  return (
    <Card title={t('publish.title')}>
      <form
        className="flex flex-col gap-3 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          void mqtt.publish(toMessage(draft));
        }}
      >
        <Field label={t('publish.topic')}>
          {(ids) => (
            <Input
              {...ids}
              required
              value={draft.topic}
              placeholder="plant/pump-7/command"
              className="mono"
              onChange={(event) => change({ topic: event.target.value })}
            />
          )}
        </Field>
        <Field label={t('publish.payload')}>
          {(ids) => (
            <TextArea
              {...ids}
              value={draft.payload}
              className="mono"
              spellCheck={false}
              onChange={(event) => change({ payload: event.target.value })}
            />
          )}
        </Field>
        <Properties draft={draft} onChange={change} />
        <div className="flex flex-wrap items-center gap-3">
          <QosSelect value={draft.qos} onChange={(qos) => change({ qos })} />
          <CheckboxField
            label={t('publish.retain')}
            checked={draft.retain}
            onChange={(event) => change({ retain: event.target.checked })}
          />
          <Button
            type="submit"
            tone="primary"
            disabled={!mayPublish}
            icon={<Send aria-hidden className="size-4" />}
            className="ml-auto"
          >
            {t('publish.submit')}
          </Button>
        </div>
        {connection.tag === 'online' && !mayPublish && (
          <p className="text-xs text-muted">{t('publish.mayNot')}</p>
        )}
      </form>
    </Card>
  );
}

const TEXT_PROPERTIES = ['contentType', 'responseTopic', 'correlationData'] as const;

interface PropertiesProps {
  readonly draft: MessageDraft;
  readonly onChange: (part: Partial<MessageDraft>) => void;
}

/** MQTT 5 properties; folded away, since most messages have none. */
function Properties({ draft, onChange }: PropertiesProps) {
  const t = useText('messages');
  return (
    <details>
      <summary className="min-h-6 text-sm text-accent hover:underline">{t('publish.properties')}</summary>
      <div className="mt-2 grid gap-3 sm:grid-cols-2">
        {TEXT_PROPERTIES.map((name) => (
          <Field key={name} label={t(`publish.${name}`)}>
            {(ids) => (
              <Input
                {...ids}
                value={draft[name]}
                className="mono"
                onChange={(event) => onChange({ [name]: event.target.value })}
              />
            )}
          </Field>
        ))}
        <Field label={t('publish.expirySeconds')}>
          {(ids) => (
            <Input
              {...ids}
              type="number"
              min={0}
              max={4_294_967_295}
              value={draft.expirySeconds}
              onChange={(event) => onChange({ expirySeconds: event.target.value })}
            />
          )}
        </Field>
        <Field
          label={t('publish.userProperties')}
          hint={t('publish.userPropertiesHint')}
          className="sm:col-span-2"
        >
          {(ids) => (
            <TextArea
              {...ids}
              value={draft.userProperties}
              className="mono"
              spellCheck={false}
              onChange={(event) => onChange({ userProperties: event.target.value })}
            />
          )}
        </Field>
      </div>
    </details>
  );
}
