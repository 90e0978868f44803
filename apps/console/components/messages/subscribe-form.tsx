'use client';

import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton } from '@/components/ui/button';
import { ClientText } from '@/components/ui/client-text';
import { Field, Input } from '@/components/ui/field';
import { Card } from '@/components/ui/page';
import { useText } from '@/lib/i18n';
import { QosSelect } from './qos-select';
import type { Heard, Mqtt } from './use-mqtt';

/** What the page listens to. */
export function SubscribeForm({ mqtt }: { readonly mqtt: Mqtt }) {
  const t = useText('messages');
  const isOnline = mqtt.connection.tag === 'online';
  const [draft, setDraft] = useState<Heard>({ filter: '', qos: 0 });
  return (
    <Card title={t('subscribe.title')}>
      <form
        className="flex flex-col gap-3 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          void mqtt.subscribe(draft).then(() => setDraft({ ...draft, filter: '' }));
        }}
      >
        <div className="flex items-end gap-2">
          <Field label={t('subscribe.filter')} className="flex-1">
            {(ids) => (
              <Input
                {...ids}
                required
                value={draft.filter}
                placeholder="plant/#"
                className="mono"
                onChange={(event) => setDraft({ ...draft, filter: event.target.value })}
              />
            )}
          </Field>
          <QosSelect value={draft.qos} onChange={(qos) => setDraft({ ...draft, qos })} />
          <Button type="submit" disabled={!isOnline} icon={<Plus aria-hidden className="size-4" />}>
            {t('subscribe.submit')}
          </Button>
        </div>
        {mqtt.heard.length > 0 && (
          <ul className="flex flex-col gap-1">
            {mqtt.heard.map(({ filter, qos }) => (
              <li key={filter} className="flex items-center gap-2 text-sm">
                <span className="flex min-w-0 flex-1">
                  <ClientText text={filter} />
                </span>
                <span className="nums text-muted">{t('qos', { qos })}</span>
                <IconButton
                  label={t('subscribe.remove', { filter })}
                  onClick={() => void mqtt.unsubscribe(filter)}
                >
                  <X aria-hidden />
                </IconButton>
              </li>
            ))}
          </ul>
        )}
      </form>
    </Card>
  );
}
