'use client';

import type { ListenerCertificatesDto } from '@gatehouse/contract';
import { CircleAlert, TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import { ClientText } from '@/components/ui/client-text';
import { CodeBlock } from '@/components/ui/copy';
import { Notice } from '@/components/ui/states';
import { Day, RelativeTime } from '@/components/ui/time';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { useText } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { useConfigFile } from '@/lib/use-config-file';

/**
 * Listeners that are told what to set: each that verifies clients, and where none does the first, for one is enough and
 * the same text for each would say more than is needed.
 */
export function advisedOf(listeners: readonly ListenerCertificatesDto[]): ReadonlySet<string> {
  const asking = listeners.filter(({ clients }) => clients !== null);
  const advised = asking.length === 0 ? listeners.slice(0, 1) : asking;
  return new Set(advised.map(({ listener }) => listener));
}

interface ListenerFactsProps {
  readonly facts: ListenerCertificatesDto;
  readonly isAdvised: boolean;
}

/** What one TLS listener serves, whose clients it accepts, and what to set so that they are those of the private CA. */
export function ListenerFacts({ facts, isAdvised }: ListenerFactsProps) {
  const t = useText('certificates');
  const { listener, certificate, problem, clients } = facts;
  return (
    <section className="flex flex-col gap-1.5 text-sm">
      <h3 className="mono font-medium">{listener}</h3>
      {certificate !== null && <Served certificate={certificate} />}
      {problem !== null && <Problem text={problem} />}
      <p className="text-muted">
        {clients === null ? t('listeners.notAsked') : <Accepted clients={clients} />}
      </p>
      {clients !== null && clients.problem !== null && <Problem text={clients.problem} />}
      {clients?.crl?.expired === true && (
        <Notice tone="danger" icon={<CircleAlert aria-hidden className="text-refused" />}>
          {t('listeners.listEnded')}
        </Notice>
      )}
      {isAdvised && <Advice facts={facts} />}
    </section>
  );
}

const Problem = ({ text }: { readonly text: string }) => (
  <Notice tone="danger" icon={<CircleAlert aria-hidden className="text-refused" />}>
    <VisibleSentence text={text} />
  </Notice>
);

function Served({
  certificate,
}: {
  readonly certificate: NonNullable<ListenerCertificatesDto['certificate']>;
}) {
  const t = useText('certificates');
  const now = useNow();
  const ended = Date.parse(certificate.notAfter) <= now;
  return (
    <p className="flex flex-wrap items-baseline gap-x-2">
      <span className="text-muted">{t('listeners.serves')}</span>
      <span className="mono flex min-w-0" data-tip={certificate.fingerprint}>
        <ClientText text={certificate.subject} max={60} expandable />
      </span>
      {certificate.selfMade && <span className="text-muted">{t('listeners.selfMade')},</span>}
      <span className={ended ? 'text-refused' : 'text-muted'}>
        {ended ? t('listeners.ended') : t('listeners.until')}{' '}
        {ended ? <RelativeTime iso={certificate.notAfter} /> : <Day iso={certificate.notAfter} />}
      </span>
    </p>
  );
}

function Accepted({ clients }: { readonly clients: NonNullable<ListenerCertificatesDto['clients']> }) {
  const t = useText('certificates');
  const { trustsOwnCa, authoritiesCount, required } = clients;
  const others = trustsOwnCa ? authoritiesCount - 1 : authoritiesCount;
  const whose = trustsOwnCa
    ? others === 0
      ? t('listeners.own')
      : t('listeners.ownAndMore', { count: others })
    : t('listeners.others', { count: others });
  return (
    <>
      {whose} {required && t('listeners.required')}
    </>
  );
}

/** What is still missing so that clients get in with certificates of the private CA; nothing where nothing is. */
function Advice({
  facts: { listener, clients, matchesCertificates },
}: {
  readonly facts: ListenerCertificatesDto;
}) {
  const t = useText('certificates');
  const file = useConfigFile();
  if (clients === null) {
    return (
      <>
        <p className="break-words">{t('listeners.setVerify', { file })}</p>
        <CodeBlock
          label={t('listeners.setVerify', { file })}
          code={`listeners:\n  ${listener}:\n    verify: verify_peer`}
        />
      </>
    );
  }
  if (clients.problem !== null) return null;
  if (!clients.trustsOwnCa) {
    return (
      <>
        <p>
          <VisibleSentence text={t('listeners.setCa', { file: clients.caFile })} />
        </p>
        <CodeBlock
          label={listener}
          code={`listeners:\n  ${listener}:\n    verify: verify_peer\n    ca: ""\n    crl: ""`}
        />
      </>
    );
  }
  if (matchesCertificates) return null;
  return (
    <Notice
      tone="warning"
      icon={<TriangleAlert aria-hidden className="text-ignored" />}
      actions={
        <Link href="/authentication" className="text-accent hover:underline">
          {t('listeners.setChainLink')}
        </Link>
      }
    >
      {t('listeners.setChain')}
    </Notice>
  );
}
