'use client';

import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field, Select } from '@/components/ui/field';
import { Card } from '@/components/ui/page';
import { CheckboxField } from '@/components/ui/toggle';
import { useText } from '@/lib/i18n';
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
  type SubscriptionProblems,
} from './subscription';
import { TextField } from './text-field';
import type { Mqtt } from './use-mqtt';
import type { Version } from './values';

/** What the page listens to. */
export function SubscribeForm({ mqtt }: { readonly mqtt: Mqtt }) {
  const t = useText('messages');
  const isOnline = mqtt.connection.tag === 'online';
  const [draft, setDraft] = useState(NEW_SUBSCRIPTION);
  const change = (part: Partial<Subscription>): void => setDraft({ ...draft, ...part });
  const problems = subscriptionProblems(draft, mqtt.version);
  const submit = async (): Promise<void> => {
    if (Object.keys(problems).length > 0) return;
    if (await mqtt.subscribe(draft)) setDraft({ ...draft, filter: '' });
  };
  return (
    <Card title={t('subscribe.title')}>
      <form
        className="flex flex-col gap-3 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <div className="flex items-end gap-2">
          <TextField
            label={t('subscribe.filter')}
            required
            value={draft.filter}
            placeholder="plant/#"
            className="flex-1"
            onChange={(filter) => change({ filter })}
          />
          <QosSelect value={draft.qos} onChange={(qos) => change({ qos })} />
          <Button type="submit" disabled={!isOnline} icon={<Plus aria-hidden className="size-4" />}>
            {t('subscribe.submit')}
          </Button>
        </div>
        <Options version={mqtt.version} draft={draft} problems={problems} onChange={change} />
        <HeardList heard={mqtt.heard} onRemove={(filter) => void mqtt.unsubscribe(filter)} />
      </form>
    </Card>
  );
}

interface OptionsProps {
  readonly version: Version;
  readonly draft: Subscription;
  readonly problems: SubscriptionProblems;
  readonly onChange: (part: Partial<Subscription>) => void;
}

/** Options of MQTT 5; folded away, since most subscriptions have none. */
function Options({ version, draft, problems, onChange }: OptionsProps) {
  const t = useText('messages');
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
        {problems.noLocal !== undefined && (
          <p role="alert" className="col-span-full text-xs text-refused">
            {t(problems.noLocal)}
          </p>
        )}
        <RetainHandlingField draft={draft} onChange={onChange} />
        <TextField
          label={t('subscribe.id')}
          hint={t('subscribe.idHint')}
          numeric
          value={draft.id}
          problem={problems.id}
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
