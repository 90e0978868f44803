'use client';

import type { CertificateAuthorityDto, CertificateSummaryDto } from '@gatehouse/contract';
import { Download, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '@/components/ui/button';
import { ClientText } from '@/components/ui/client-text';
import { Confirm } from '@/components/ui/confirm';
import { Card, Fact, Facts } from '@/components/ui/page';
import { ErrorState, Skeleton } from '@/components/ui/states';
import { Day } from '@/components/ui/time';
import { showToast } from '@/components/ui/toast';
import { api, apiUrl } from '@/lib/api';
import { authorityResource } from '@/lib/endpoints';
import { CA_FILE } from '@/lib/connect/targets';
import { useText } from '@/lib/i18n';
import { useMay } from '@/lib/session';
import { useAction } from '@/lib/use-action';
import { useResource } from '@/lib/use-resource';
import { advisedOf, ListenerFacts } from './listener-facts';
import { STALE } from './query';

const REFRESH_MS = 15_000;

/** The CA, and what each TLS listener serves and accepts. */
export function AuthorityCards() {
  const t = useText('certificates');
  const { data, error, refetch } = useResource(authorityResource, { refetchInterval: REFRESH_MS });
  const advised = advisedOf(data?.listeners ?? []);
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <Card title={t('ca.title')}>
        <div className="p-4">
          {data !== undefined ? (
            <CaFacts authority={data} />
          ) : error === null ? (
            <Skeleton className="h-24" />
          ) : (
            <ErrorState error={error} onRetry={() => void refetch()} />
          )}
        </div>
      </Card>
      {error === null && (
        <Card title={t('listeners.title')}>
          <div className="flex flex-col gap-4 p-4">
            {data === undefined ? (
              <Skeleton className="h-24" />
            ) : data.listeners.length === 0 ? (
              <p className="text-muted">{t('listeners.none')}</p>
            ) : (
              data.listeners.map((one) => (
                <ListenerFacts key={one.listener} facts={one} isAdvised={advised.has(one.listener)} />
              ))
            )}
          </div>
        </Card>
      )}
    </div>
  );
}

function CaFacts({ authority: { ca, crl, trusted } }: { readonly authority: CertificateAuthorityDto }) {
  const t = useText('certificates');
  if (ca === null) return <p className="text-muted">{t('ca.none')}</p>;
  return (
    <div className="flex flex-col gap-3">
      <Facts>
        <Fact label={t('ca.subject')}>
          <ClientText text={ca.subject} max={80} expandable />
        </Fact>
        <Fact label={t('ca.until')}>
          <Day iso={ca.notAfter} />
        </Fact>
        <Fact label={t('ca.fingerprint')}>
          <span className="mono text-xs break-all">{ca.fingerprint}</span>
        </Fact>
        {crl !== null && (
          <Fact label={t('ca.list')}>
            {t('ca.entries', { count: crl.entries })},{' '}
            {crl.expired || crl.nextUpdate === null ? (
              <span className="text-refused">{t('ca.listEnded')}</span>
            ) : (
              <>
                {t('ca.listEnds')} <Day iso={crl.nextUpdate} />
              </>
            )}
          </Fact>
        )}
        {trusted.length > 0 && (
          <Fact label={t('ca.trusted')}>
            <ul>
              {trusted.map((one) => (
                <Trusted key={one.fingerprint} ca={one} />
              ))}
            </ul>
          </Fact>
        )}
      </Facts>
      <p className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
        <DownloadLink path="/certificates/ca.pem" file={CA_FILE} text={t('ca.download')} />
        <DownloadLink path="/certificates/crl.pem" file="gatehouse-crl.pem" text={t('ca.crlPem')} />
        <DownloadLink path="/certificates/crl.der" file="gatehouse.crl" text={t('ca.crlDer')} />
      </p>
    </div>
  );
}

interface DownloadLinkProps {
  readonly path: string;
  readonly file: string;
  readonly text: string;
}

const DownloadLink = ({ path, file, text }: DownloadLinkProps) => (
  <a
    href={apiUrl(path)}
    download={file}
    className="inline-flex min-h-6 items-center gap-1 text-accent hover:underline"
  >
    <Download aria-hidden className="size-3.5" />
    {text}
  </a>
);

function Trusted({ ca }: { readonly ca: CertificateSummaryDto }) {
  const t = useText('certificates');
  const mayWrite = useMay('certificates:write');
  const [asking, setAsking] = useState(false);
  const distrust = useAction(() => api.delete(`/certificates/trusted/${ca.fingerprint}`), {
    stale: STALE,
    onDone: () => {
      showToast({ tone: 'good', text: t('ca.distrusted') });
      setAsking(false);
    },
  });
  return (
    <li className="flex items-center gap-2">
      <span className="flex min-w-0" data-tip={ca.fingerprint}>
        <ClientText text={ca.subject} max={60} expandable />
      </span>
      {mayWrite && (
        <IconButton label={t('ca.distrust', { name: ca.subject })} onClick={() => setAsking(true)}>
          <Trash2 aria-hidden />
        </IconButton>
      )}
      <Confirm
        open={asking}
        title={t('ca.distrustTitle')}
        confirmLabel={t('ca.distrustYes')}
        busy={distrust.isPending}
        onClose={() => setAsking(false)}
        onConfirm={() => distrust.mutate(undefined)}
      >
        <p className="mono mb-2 text-xs break-all">{ca.fingerprint}</p>
        <p>{t('ca.distrustText')}</p>
      </Confirm>
    </li>
  );
}
