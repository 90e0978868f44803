'use client';

import type { UnauthorizedClientDetailDto } from '@gatehouse/contract';
import { CircleAlert } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { ClientText } from '@/components/ui/client-text';
import { Fact, Facts } from '@/components/ui/page';
import { AbsoluteTime } from '@/components/ui/time';
import { useText } from '@/lib/i18n';
import { Section } from './section';

type Certificate = NonNullable<UnauthorizedClientDetailDto['certificate']>;
type Presented = UnauthorizedClientDetailDto['certificateChain'][number];

interface CertificateFactsProps {
  readonly certificate: Certificate;
  /** Empty in records of before chains were kept. */
  readonly chain: readonly Presented[];
}

/** What the client showed in the handshake: each certificate of the chain, and which one is at fault. */
export function CertificateFacts({ certificate, chain }: CertificateFactsProps) {
  const t = useText('unauthorized');
  const shown = chain.length === 0 ? [{ ...certificate, problem: null }] : chain;
  return (
    <Section title={chain.length > 1 ? t('certificate.chain') : t('drawer.certificate')}>
      <ol className="flex flex-col gap-4">
        {shown.map((one, depth) => (
          <li key={`${depth} ${one.fingerprint}`}>
            {(shown.length > 1 || one.problem !== null) && (
              <p className="mb-1 flex items-center gap-2 text-xs text-muted">
                {depth === 0 ? t('certificate.own') : t('certificate.above')}
                {one.problem !== null && (
                  <Badge tone="refused" icon={<CircleAlert aria-hidden />}>
                    {t(`certificate.problem.${one.problem}`)}
                  </Badge>
                )}
              </p>
            )}
            <Lines certificate={one} />
          </li>
        ))}
      </ol>
    </Section>
  );
}

function Lines({ certificate }: { readonly certificate: Certificate }) {
  const t = useText('unauthorized');
  const lines = [
    ['subject', certificate.subject],
    ['commonName', certificate.commonName],
    ['issuer', certificate.issuer],
    ['serialNumber', certificate.serialNumber],
    ['fingerprint', certificate.fingerprint],
  ] as const;
  const dates = [
    ['notBefore', certificate.notBefore],
    ['notAfter', certificate.notAfter],
  ] as const;
  return (
    <Facts>
      {lines.map(([name, value]) => (
        <Fact key={name} label={t(`certificate.${name}`)}>
          <ClientText text={value} max={120} expandable />
        </Fact>
      ))}
      {dates.map(([name, iso]) => (
        <Fact key={name} label={t(`certificate.${name}`)}>
          {iso === '' ? '—' : <AbsoluteTime iso={iso} />}
        </Fact>
      ))}
    </Facts>
  );
}
