'use client';

import type { MessagePropertiesDto } from '@gatehouse/contract';
import type { ReactNode } from 'react';
import { ClientText } from '@/components/ui/client-text';
import { Fact, Facts } from '@/components/ui/page';
import { useText } from '@/lib/i18n';

/** The MQTT 5 properties of a message; nothing where it has none. */
export function PropertiesFacts({ properties }: { readonly properties: MessagePropertiesDto }) {
  const t = useText('retained');
  const { payloadIsText, contentType, responseTopic, correlationData, userProperties = [] } = properties;
  const named = { contentType, responseTopic, correlationData };
  const facts: ReactNode[] = Object.entries(named).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [
          <Fact key={name} label={t(`properties.${name}`)}>
            <ClientText text={value} expandable />
          </Fact>,
        ],
  );
  if (payloadIsText === true) {
    facts.unshift(
      <Fact key="format" label={t('properties.payloadIsText')}>
        {t('properties.isText')}
      </Fact>,
    );
  }
  userProperties.forEach(({ name, value }, index) =>
    facts.push(
      <Fact key={`user-${index}`} label={<ClientText text={name} />}>
        <ClientText text={value} expandable />
      </Fact>,
    ),
  );
  if (facts.length === 0) return null;
  return (
    <section className="flex flex-col gap-2">
      <h3 className="text-sm font-semibold">{t('properties.title')}</h3>
      <Facts>{facts}</Facts>
    </section>
  );
}
