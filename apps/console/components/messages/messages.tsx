'use client';

import { Page, PageHeader } from '@/components/ui/page';
import { Forbidden } from '@/components/ui/states';
import { useText } from '@/lib/i18n';
import { useMay } from '@/lib/session';
import { ConnectionBar } from './connection-bar';
import { MessageList } from './message-list';
import { PublishForm } from './publish-form';
import { SubscribeForm } from './subscribe-form';
import { useMqtt } from './use-mqtt';

/** An MQTT client in the browser: listen and speak without leaving the console. */
export function Messages() {
  const t = useText('messages');
  const mayConnect = useMay('messages:read');
  const mqtt = useMqtt();
  return (
    <Page>
      <PageHeader title={t('title')} description={t('subtitle')} guide="messages" />
      {!mayConnect ? (
        <Forbidden />
      ) : (
        <>
          <ConnectionBar mqtt={mqtt} />
          <div className="grid items-start gap-3 lg:grid-cols-[minmax(20rem,2fr)_3fr]">
            <div className="flex min-w-0 flex-col gap-3">
              <SubscribeForm mqtt={mqtt} />
              <PublishForm mqtt={mqtt} />
            </div>
            <MessageList log={mqtt.log} isOnline={mqtt.connection.tag === 'online'} onClear={mqtt.clear} />
          </div>
        </>
      )}
    </Page>
  );
}
