'use client';

import type { UnauthorizedClientDetailDto } from '@gatehouse/contract';
import { ClientText } from '@/components/ui/client-text';
import { Fact, Facts } from '@/components/ui/page';
import { useText } from '@/lib/i18n';
import { Section } from './section';

type Certificate = NonNullable<UnauthorizedClientDetailDto['certificate']>;

/** What the client showed in the handshake. */
export function CertificateFacts({ certificate }: { readonly certificate: Certificate }) {
  const t = useText('unauthorized');
  const lines = [
    ['subject', certificate.subject],
    ['commonName', certificate.commonName],
    ['issuer', certificate.issuer],
    ['serialNumber', certificate.serialNumber],
    ['fingerprint', certificate.fingerprint],
    ['notBefore', certificate.notBefore],
    ['notAfter', certificate.notAfter],
  ] as const;
  return (
    <Section title={t('drawer.certificate')}>
      <Facts>
        {lines.map(([name, value]) => (
          <Fact key={name} label={t(`certificate.${name}`)}>
            <ClientText text={value} max={120} expandable />
          </Fact>
        ))}
      </Facts>
    </Section>
  );
}
