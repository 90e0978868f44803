'use client';

import { PayloadTabs } from '@/components/retained/payload-view';
import { PropertiesFacts } from '@/components/retained/properties-facts';
import { Dialog } from '@/components/ui/dialog';
import { Fact, Facts } from '@/components/ui/page';
import { AbsoluteTime } from '@/components/ui/time';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { formatBytes } from '@/lib/format';
import { useText } from '@/lib/i18n';
import type { LoggedMessage } from '@/lib/message-log';

interface MessageDrawerProps {
  readonly message: LoggedMessage;
  readonly onClose: () => void;
}

/** One message whole: its payload in every view, and its properties. */
export function MessageDrawer({ message, onClose }: MessageDrawerProps) {
  const t = useText('messages');
  return (
    <Dialog
      open
      variant="drawer"
      size="md"
      onClose={onClose}
      title={<VisibleSentence text={message.topic} />}
    >
      <div className="flex flex-col gap-5">
        <Facts>
          <Fact label={t(`list.${message.direction}`)}>
            <AbsoluteTime iso={message.at} />
          </Fact>
          <Fact label={t('qosLabel')}>{message.qos}</Fact>
          <Fact label={t('list.size')}>{formatBytes(message.payloadBytes)}</Fact>
        </Facts>
        <PayloadTabs bytes={message.payload} isWhole={message.payload.length === message.payloadBytes} />
        <PropertiesFacts properties={message.properties} />
      </div>
    </Dialog>
  );
}
