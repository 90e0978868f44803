'use client';

import { Send } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field, Select, TextArea } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import { Card } from '@/components/ui/page';
import { CheckboxField } from '@/components/ui/toggle';
import { useText } from '@/lib/i18n';
import type { FormState } from '@/lib/use-form';
import { Disclosure } from './disclosure';
import {
  messageProblems,
  NEW_DRAFT,
  PAYLOAD_FORMATS,
  propertyCount,
  toMessage,
  type MessageDraft,
} from './draft';
import { OnlyV5 } from './only-v5';
import { QosSelect } from './qos-select';
import { TextField } from './text-field';
import { useMessageForm } from './use-message-form';
import type { Mqtt } from './use-mqtt';
import type { Version } from './values';

/** Sends a message; the form keeps what it holds, for the next one. */
export function PublishForm({ mqtt }: { readonly mqtt: Mqtt }) {
  const t = useText('messages');
  const { connection, version } = mqtt;
  const mayPublish = connection.tag === 'online' && connection.mayPublish;
  const [draft, setDraft] = useState(NEW_DRAFT);
  const change = (part: Partial<MessageDraft>): void => setDraft({ ...draft, ...part });
  const form = useMessageForm(draft, messageProblems(draft, version), () => {
    if (mayPublish) void mqtt.publish(toMessage(draft, version));
  });
  const { errorOf } = form;
  return (
    <Card title={t('publish.title')}>
      <Form form={form} className="flex flex-col gap-3 p-4">
        <TextField
          label={t('publish.topic')}
          required
          value={draft.topic}
          error={errorOf('topic')}
          placeholder="plant/pump-7/command"
          onChange={(topic) => change({ topic })}
        />
        <PayloadField draft={draft} error={errorOf('payload')} onChange={change} />
        <Properties version={version} draft={draft} errorOf={errorOf} onChange={change} />
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
            className="ms-auto"
          >
            {t('publish.submit')}
          </Button>
        </div>
        {connection.tag === 'online' && !mayPublish && (
          <p className="text-xs text-muted">{t('publish.mayNot')}</p>
        )}
      </Form>
    </Card>
  );
}

interface PayloadFieldProps {
  readonly draft: MessageDraft;
  readonly error: string | undefined;
  readonly onChange: (part: Partial<MessageDraft>) => void;
}

/** The payload, and whether it is text or the hex of its bytes. */
function PayloadField({ draft, error, onChange }: PayloadFieldProps) {
  const t = useText('messages');
  return (
    <div className="relative">
      <Field
        label={t('publish.payload')}
        error={error}
        {...(draft.format === 'bytes' ? { hint: t('publish.bytesHint') } : {})}
        className="gap-2"
      >
        {(ids) => (
          <TextArea
            {...ids}
            value={draft.payload}
            className="mono"
            spellCheck={false}
            {...(draft.format === 'bytes' ? { placeholder: '7b 22 6f 6e 22 7d' } : {})}
            onChange={(event) => onChange({ payload: event.target.value })}
          />
        )}
      </Field>
      <div className="absolute -top-1.5 end-0">
        <Select
          aria-label={t('publish.format')}
          value={draft.format}
          className="[&>select]:h-7 [&>select]:text-sm [&>svg]:top-1.5"
          onChange={(event) =>
            onChange({ format: PAYLOAD_FORMATS.find((one) => one === event.target.value) ?? 'text' })
          }
        >
          {PAYLOAD_FORMATS.map((one) => (
            <option key={one} value={one}>
              {t(`publish.formats.${one}`)}
            </option>
          ))}
        </Select>
      </div>
    </div>
  );
}

const TEXT_PROPERTIES = ['contentType', 'responseTopic', 'correlationData'] as const;

interface PropertiesProps {
  readonly version: Version;
  readonly draft: MessageDraft;
  readonly errorOf: FormState['errorOf'];
  readonly onChange: (part: Partial<MessageDraft>) => void;
}

/** MQTT 5 properties; folded away, since most messages have none. */
function Properties({ version, draft, errorOf, onChange }: PropertiesProps) {
  const t = useText('messages');
  const count = version === 5 ? propertyCount(draft) : 0;
  return (
    <Disclosure label={t('publish.properties')} note={count === 0 ? null : t('countSet', { count })}>
      <OnlyV5 label={t('publish.properties')} version={version} className="sm:grid-cols-2">
        {TEXT_PROPERTIES.map((name) => (
          <TextField
            key={name}
            label={t(`publish.${name}`)}
            value={draft[name]}
            error={errorOf(name)}
            onChange={(value) => onChange({ [name]: value })}
          />
        ))}
        <TextField
          label={t('publish.expirySeconds')}
          numeric
          value={draft.expirySeconds}
          error={errorOf('expirySeconds')}
          onChange={(expirySeconds) => onChange({ expirySeconds })}
        />
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
              placeholder="unit=rpm"
              onChange={(event) => onChange({ userProperties: event.target.value })}
            />
          )}
        </Field>
        <p className="col-span-full text-xs text-muted">{t('publish.formatHint')}</p>
      </OnlyV5>
    </Disclosure>
  );
}
