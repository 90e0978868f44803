'use client';

import { CircleAlert, Plug, Unplug } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/states';
import { startStatusResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { useResource } from '@/lib/use-resource';
import { connectProblems, NEW_CONNECT } from './connect-draft';
import { ConnectFields } from './connect-fields';
import { ConnectionState } from './connection-state';
import { Disclosure } from './disclosure';
import { useMessageForm } from './use-message-form';
import type { Mqtt } from './use-mqtt';

/** Why the console's server has no listener to pass this page on to; the key of its text. */
function useObstacle(): 'listenerOff' | 'listenerForeign' | null {
  const { data } = useResource(startStatusResource);
  if (data === undefined || data.mqtt.wsPort !== null) return null;
  if (data.mqtt.wssPort === null) return 'listenerOff';
  return data.mqtt.ownCa.wss ? null : 'listenerForeign';
}

/** Whether the page is connected, as whom, for how long, and the form that changes it. */
export function ConnectionBar({ mqtt }: { readonly mqtt: Mqtt }) {
  const t = useText('messages');
  const { connection } = mqtt;
  const obstacle = useObstacle();
  const [draft, setDraft] = useState(NEW_CONNECT);
  const [open, setOpen] = useState(false);
  const problems = connectProblems(draft);
  const form = useMessageForm(
    draft,
    problems,
    () => void mqtt.connect(draft),
    connection.tag === 'connecting',
  );
  return (
    <>
      {obstacle !== null && (
        <Notice tone="warning" icon={<CircleAlert aria-hidden className="text-ignored" />}>
          {t(obstacle)}
        </Notice>
      )}
      <section aria-label={t('connection')} className="card px-4 py-2.5">
        <form
          noValidate
          className="flex flex-col gap-2"
          ref={form.ref}
          onSubmit={(event) => {
            event.preventDefault();
            // What is wrong stands in the form, which may be folded.
            if (Object.keys(problems).length > 0) setOpen(true);
            form.submit();
          }}
        >
          <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
            <span role="status" className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1">
              <ConnectionState connection={connection} />
            </span>
            <ConnectButton mqtt={mqtt} disabled={obstacle !== null} />
          </div>
          {connection.tag !== 'online' && (
            <Disclosure label={t('connectAs.title')} open={open} onToggle={setOpen}>
              <ConnectFields
                draft={draft}
                errorOf={form.errorOf}
                onChange={(part) => setDraft({ ...draft, ...part })}
              />
            </Disclosure>
          )}
        </form>
      </section>
    </>
  );
}

function ConnectButton({ mqtt, disabled }: { readonly mqtt: Mqtt; readonly disabled: boolean }) {
  const t = useText('messages');
  const { tag } = mqtt.connection;
  if (tag === 'online') {
    return (
      <Button key="off" icon={<Unplug aria-hidden className="size-4" />} onClick={mqtt.disconnect}>
        {t('disconnect')}
      </Button>
    );
  }
  return (
    <Button
      key="on"
      type="submit"
      tone="primary"
      busy={tag === 'connecting'}
      disabled={disabled}
      icon={<Plug aria-hidden className="size-4" />}
    >
      {t('connect')}
    </Button>
  );
}
