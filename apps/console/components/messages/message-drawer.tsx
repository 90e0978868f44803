'use client';

import { PayloadTabs } from '@/components/retained/payload-view';
import { PropertiesFacts } from '@/components/retained/properties-facts';
import { Dialog } from '@/components/ui/dialog';
import { Fact, Facts } from '@/components/ui/page';
import { AbsoluteTime } from '@/components/ui/time';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { useFormat, useText } from '@/lib/i18n';
import type { LoggedMessage } from '@/lib/message-log';

interface MessageDrawerProps {
  readonly message: LoggedMessage;
  readonly onClose: () => void;
}

/** One message whole: its payload in every view, and its properties. */
export function MessageDrawer({ message, onClose }: MessageDrawerProps) {
  return (
    <Dialog
      open
      variant="drawer"
      size="md"
      onClose={onClose}
      title={<VisibleSentence text={message.topic} />}
    >
      <div className="flex flex-col gap-5">
        <DeliveryFacts message={message} />
        <PayloadTabs bytes={message.payload} isWhole={message.payload.length === message.payloadBytes} />
        <PropertiesFacts properties={message.properties} />
      </div>
    </Dialog>
  );
}

/** How the message travelled; what it carries is among its properties. */
function DeliveryFacts({ message }: Pick<MessageDrawerProps, 'message'>) {
  const { formatBytes, formatNumber } = useFormat();
  const t = useText('messages');
  const yesNo = (value: boolean): string => t(value ? 'list.yes' : 'list.no');
  const { direction, subscriptionIds, properties } = message;
  return (
    <Facts>
      <Fact label={t(`list.${direction}`)}>
        <AbsoluteTime iso={message.at} />
      </Fact>
      <Fact label={t('list.size')}>{formatBytes(message.payloadBytes)}</Fact>
      <Fact label={t('qosLabel')}>{message.qos}</Fact>
      <Fact label={t('list.retainFlag')}>{yesNo(message.retain)}</Fact>
      {direction === 'in' && <Fact label={t('list.dup')}>{yesNo(message.dup)}</Fact>}
      {subscriptionIds.length > 0 && (
        <Fact label={t('list.subscriptionId')}>
          <span className="nums">{subscriptionIds.join(', ')}</span>
        </Fact>
      )}
      {properties.expirySeconds !== undefined && (
        <Fact label={t('list.expiry')}>
          {t('list.expirySeconds', { seconds: formatNumber(properties.expirySeconds) })}
        </Fact>
      )}
    </Facts>
  );
}
