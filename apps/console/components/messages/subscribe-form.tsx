'use client';

import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field, Select } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import { Card } from '@/components/ui/page';
import { CheckboxField } from '@/components/ui/toggle';
import { useText } from '@/lib/i18n';
import type { FormState } from '@/lib/use-form';
import { Disclosure } from './disclosure';
import { HeardList } from './heard-list';
import { OnlyV5 } from './only-v5';
import { QosSelect } from './qos-select';
import {
  NEW_SUBSCRIPTION,
  optionCount,
  RETAIN_HANDLINGS,
  subscriptionProblems,
  type Subscription,
} from './subscription';
import { TextField } from './text-field';
import { useMessageForm } from './use-message-form';
import type { Mqtt } from './use-mqtt';
import type { Version } from './values';

/** What the page listens to. */
export function SubscribeForm({ mqtt }: { readonly mqtt: Mqtt }) {
  const t = useText('messages');
  const isOnline = mqtt.connection.tag === 'online';
  const [draft, setDraft] = useState(NEW_SUBSCRIPTION);
  const change = (part: Partial<Subscription>): void => setDraft({ ...draft, ...part });
  const send = async (): Promise<void> => {
    if (!isOnline || !(await mqtt.subscribe(draft))) return;
    const next = { ...draft, filter: '' };
    setDraft(next);
    form.renew(next);
  };
  const form: FormState = useMessageForm(draft, subscriptionProblems(draft, mqtt.version), () => void send());
  return (
    <Card title={t('subscribe.title')}>
      <Form form={form} className="flex flex-col gap-3 p-4">
        <div className="flex flex-wrap items-start gap-2">
          <TextField
            label={t('subscribe.filter')}
            required
            value={draft.filter}
            error={form.errorOf('filter')}
            placeholder="plant/#"
            className="min-w-0 flex-[1_1_14rem]"
            onChange={(filter) => change({ filter })}
          />
          <QosSelect value={draft.qos} onChange={(qos) => change({ qos })} />
          <Button type="submit" disabled={!isOnline} icon={<Plus aria-hidden className="size-4" />}>
            {t('subscribe.submit')}
          </Button>
        </div>
        <Options version={mqtt.version} draft={draft} errorOf={form.errorOf} onChange={change} />
        <HeardList heard={mqtt.heard} onRemove={(filter) => void mqtt.unsubscribe(filter)} />
      </Form>
    </Card>
  );
}

interface OptionsProps {
  readonly version: Version;
  readonly draft: Subscription;
  readonly errorOf: FormState['errorOf'];
  readonly onChange: (part: Partial<Subscription>) => void;
}

/** Options of MQTT 5; folded away, since most subscriptions have none. */
function Options({ version, draft, errorOf, onChange }: OptionsProps) {
  const t = useText('messages');
  const noLocal = errorOf('noLocal');
  const count = version === 5 ? optionCount(draft) : 0;
  return (
    <Disclosure label={t('subscribe.options')} note={count === 0 ? null : t('countSet', { count })}>
      <OnlyV5 label={t('subscribe.options')} version={version} className="sm:grid-cols-2">
        <CheckboxField
          label={t('subscribe.noLocal')}
          hint={t('subscribe.noLocalHint')}
          checked={draft.noLocal}
          onChange={(event) => onChange({ noLocal: event.target.checked })}
        />
        <CheckboxField
          label={t('subscribe.retainAsPublished')}
          hint={t('subscribe.retainAsPublishedHint')}
          checked={draft.retainAsPublished}
          onChange={(event) => onChange({ retainAsPublished: event.target.checked })}
        />
        {noLocal !== undefined && (
          <p role="alert" className="col-span-full text-xs text-refused">
            {noLocal}
          </p>
        )}
        <RetainHandlingField draft={draft} onChange={onChange} />
        <TextField
          label={t('subscribe.id')}
          hint={t('subscribe.idHint')}
          numeric
          value={draft.id}
          error={errorOf('id')}
          onChange={(id) => onChange({ id })}
        />
      </OnlyV5>
    </Disclosure>
  );
}

function RetainHandlingField({ draft, onChange }: Pick<OptionsProps, 'draft' | 'onChange'>) {
  const t = useText('messages');
  return (
    <Field label={t('subscribe.retainHandling')} hint={t('subscribe.retainHandlingHint')}>
      {(ids) => (
        <Select
          {...ids}
          value={draft.retainHandling}
          onChange={(event) =>
            onChange({
              retainHandling: RETAIN_HANDLINGS.find((one) => String(one) === event.target.value) ?? 0,
            })
          }
        >
          {RETAIN_HANDLINGS.map((one) => (
            <option key={one} value={one}>
              {t(`subscribe.retainHandlings.${String(one)}`)}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
