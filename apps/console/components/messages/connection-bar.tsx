'use client';

import { CircleAlert, Plug, Unplug } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import { startStatusResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { useResource } from '@/lib/use-resource';
import type { Mqtt } from './use-mqtt';

/** Why the console's server has no listener to pass this page on to; the key of its text. */
function useObstacle(): 'listenerOff' | 'listenerForeign' | null {
  const { data } = useResource(startStatusResource);
  if (data === undefined || data.mqtt.wsPort !== null) return null;
  if (data.mqtt.wssPort === null) return 'listenerOff';
  return data.mqtt.ownCa.wss ? null : 'listenerForeign';
}

/** Whether the page is connected, as whom, for how long, and the button that changes it. */
export function ConnectionBar({ mqtt }: { readonly mqtt: Mqtt }) {
  const t = useText('messages');
  const { connection } = mqtt;
  const obstacle = useObstacle();
  return (
    <>
      {obstacle !== null && (
        <Notice tone="warning" icon={<CircleAlert aria-hidden className="text-ignored" />}>
          {t(obstacle)}
        </Notice>
      )}
      <section
        aria-label={t('connection')}
        className="card flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2.5"
      >
        <span role="status" className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1">
          <State mqtt={mqtt} />
        </span>
        {connection.tag === 'online' ? (
          <Button icon={<Unplug aria-hidden className="size-4" />} onClick={mqtt.disconnect}>
            {t('disconnect')}
          </Button>
        ) : (
          <Button
            tone="primary"
            busy={connection.tag === 'connecting'}
            disabled={obstacle !== null}
            icon={<Plug aria-hidden className="size-4" />}
            onClick={() => void mqtt.connect()}
          >
            {t('connect')}
          </Button>
        )}
      </section>
    </>
  );
}

function State({ mqtt: { connection } }: { readonly mqtt: Mqtt }) {
  const t = useText('messages');
  switch (connection.tag) {
    case 'idle':
      return <span className="text-muted">{t('idle')}</span>;
    case 'connecting':
      return <span className="text-muted">{t('connecting')}</span>;
    case 'ended':
      return (
        <>
          <Badge tone="refused" icon={<CircleAlert aria-hidden />}>
            {t('ended')}
          </Badge>
          <span className="text-muted">{connection.problem ?? t('endedHint')}</span>
        </>
      );
    case 'online':
      return (
        <>
          <Badge tone="accepted" icon={<Plug aria-hidden />}>
            {t('online')}
          </Badge>
          <span className="mono truncate text-sm">{connection.session.clientId}</span>
          <span className="text-sm text-muted">
            {t('until')} <RelativeTime iso={connection.session.expiresAt} />
          </span>
        </>
      );
  }
}
