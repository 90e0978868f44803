'use client';

import { VisibleSentence } from '@/components/ui/visible-sentence';
import type { UnauthorizedClientDetailDto } from '@gatehouse/contract';
import Link from 'next/link';
import { ClientText } from '@/components/ui/client-text';
import { CopyButton } from '@/components/ui/copy';
import { Fact, Facts } from '@/components/ui/page';
import { AbsoluteTime } from '@/components/ui/time';
import { useFormat, useText } from '@/lib/i18n';
import { ClientId } from '../client-id';
import { ProtocolName } from '@/components/ui/protocol-name';
import { Section } from './section';

/** What the attempt carried, and what is known of the client beside it. */
export function ConnectionFacts({ row }: { readonly row: UnauthorizedClientDetailDto }) {
  const { formatNumber } = useFormat();
  const t = useText('unauthorized');
  const common = useText('common');
  const yesNo = (value: boolean): string => common(value ? 'yes' : 'no');
  return (
    <Section title={t('drawer.facts')}>
      <Facts>
        <Fact label={t('column.clientId')}>
          <ClientId clientId={row.clientId} truncated={row.clientIdTruncated} expandable />
          {row.clientId !== null && row.clientId !== '' && (
            <CopyButton text={row.clientId} className="ms-1 align-middle" />
          )}
        </Fact>
        <Fact label={t('column.username')}>
          <ClientText text={row.username} expandable />
        </Fact>
        <Fact label={t('column.passwordProvided')}>{yesNo(row.passwordProvided)}</Fact>
        <Fact label={t('column.tlsUsed')}>{yesNo(row.tlsUsed)}</Fact>
        <Fact label={t('column.ip')}>
          <span className="mono">{row.ips.length > 1 ? row.ips.join(', ') : row.ip}</span>
        </Fact>
        <Fact label={t('column.protocol')}>
          <ProtocolName protocol={row.protocol} />
        </Fact>
        <Fact label={t('column.listener')}>
          <span className="mono">
            {row.listener} · {row.node}
          </span>
        </Fact>
        {row.keepAliveSeconds !== null && (
          <Fact label={t('facts.keepAlive')}>{t('facts.seconds', { count: row.keepAliveSeconds })}</Fact>
        )}
        {row.cleanStart !== null && <Fact label={t('facts.cleanStart')}>{yesNo(row.cleanStart)}</Fact>}
        {row.pskIdentity !== null && (
          <Fact label={t('facts.psk')}>
            <ClientText text={row.pskIdentity} />
          </Fact>
        )}
        <Fact label={t('facts.secrets')}>
          {row.evidence.distinctSecretsCapped ? '≥ ' : ''}
          {formatNumber(row.evidence.distinctSecrets)}
        </Fact>
        <Fact label={t('facts.ref')}>
          <span className="mono select-all">{row.ref}</span>
        </Fact>
        <KnownFacts row={row} />
      </Facts>
    </Section>
  );
}

/** The last good login, and the credential it was about. */
function KnownFacts({ row }: { readonly row: UnauthorizedClientDetailDto }) {
  const t = useText('unauthorized');
  const { lastGoodLogin } = row.evidence;
  return (
    <>
      {lastGoodLogin !== null && (
        <Fact label={t('facts.lastGood')}>
          <AbsoluteTime iso={lastGoodLogin.at} />
          {lastGoodLogin.clientId !== row.clientId && (
            <span className="text-muted">
              {' · '}
              <VisibleSentence text={t('facts.lastGoodOther', { clientId: lastGoodLogin.clientId })} />
            </span>
          )}
          {lastGoodLogin.clientId === row.clientId && lastGoodLogin.differs.length > 0 && (
            <span className="text-muted">
              {' · '}
              {t('facts.differs', {
                what: lastGoodLogin.differs
                  .map((what) => (t.has(`differs.${what}`) ? t(`differs.${what}`) : what))
                  .join(', '),
              })}
            </span>
          )}
        </Fact>
      )}
      {row.credential !== null && (
        <Fact label={t('facts.credential')}>
          <Link
            href={`/credentials?open=${encodeURIComponent(row.credential.id)}`}
            className="text-accent underline"
          >
            <ClientText text={row.credential.name} />
          </Link>
        </Fact>
      )}
    </>
  );
}
