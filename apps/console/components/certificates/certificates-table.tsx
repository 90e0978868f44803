'use client';

import type { IssuedCertificateDto } from '@gatehouse/contract';
import { CircleCheck, CircleSlash, Clock, Download, RefreshCw, ShieldX, TriangleAlert } from 'lucide-react';
import { Badge, type BadgeTone } from '@/components/ui/badge';
import { IconButton } from '@/components/ui/button';
import { ClientText } from '@/components/ui/client-text';
import { CopyButton } from '@/components/ui/copy';
import {
  actionsTd,
  ActionsHeader,
  SortHeader,
  Table,
  TableHead,
  TableRows,
  td,
  th,
  tr,
} from '@/components/ui/table';
import { Day, RelativeTime } from '@/components/ui/time';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { apiUrl } from '@/lib/api';
import { cx } from '@/lib/cx';
import { useText } from '@/lib/i18n';

const COLUMNS = 7;
/** Digits of a serial number that tell certificates apart at a glance. */
const SERIAL_SHOWN = 8;

interface CertificatesTableProps {
  /** Undefined: not there yet. */
  readonly rows: readonly IssuedCertificateDto[] | undefined;
  readonly busy: boolean;
  readonly sort: string;
  readonly onSort: (sort: string) => void;
  /** Absent: this person may only look. */
  readonly onRenew?: (certificate: IssuedCertificateDto) => void;
  readonly onRevoke?: (certificate: IssuedCertificateDto) => void;
}

export function CertificatesTable(props: CertificatesTableProps) {
  const { rows, busy, sort, onSort } = props;
  const t = useText('certificates');
  return (
    <Table label={t('title')} busy={busy}>
      <TableHead>
        <SortHeader field="commonName" sort={sort} onSort={onSort}>
          {t('name')}
        </SortHeader>
        <th scope="col" className={th}>
          {t('names')}
        </th>
        <th scope="col" className={th}>
          {t('state')}
        </th>
        <SortHeader field="notAfter" sort={sort} onSort={onSort}>
          {t('ends')}
        </SortHeader>
        <SortHeader field="createdAt" sort={sort} onSort={onSort}>
          {t('made')}
        </SortHeader>
        <th scope="col" className={th}>
          {t('serial')}
        </th>
        <ActionsHeader />
      </TableHead>
      <TableRows rows={rows} columns={COLUMNS}>
        {(row) => <Row key={row.id} row={row} {...props} />}
      </TableRows>
    </Table>
  );
}

type RowProps = Pick<CertificatesTableProps, 'onRenew' | 'onRevoke'> & { readonly row: IssuedCertificateDto };

function Row({ row, onRenew, onRevoke }: RowProps) {
  const t = useText('certificates');
  return (
    <tr className={tr}>
      <td className={cx(td, 'max-w-72 min-w-44')}>
        <span className="flex items-center gap-2">
          <span className="mono flex min-w-0">
            <ClientText text={row.commonName} expandable />
          </span>
          {row.purpose === 'server' && <Badge>{t('purposes.server')}</Badge>}
        </span>
      </td>
      <td className={cx(td, 'mono max-w-64 truncate')}>
        {row.names.length === 0 ? (
          <span className="text-faint">—</span>
        ) : (
          <VisibleSentence text={row.names.join(', ')} />
        )}
      </td>
      <td className={td}>
        <StateBadges row={row} />
      </td>
      <td className={td}>
        <Day iso={row.notAfter} />
      </td>
      <td className={td}>
        <RelativeTime iso={row.createdAt} />{' '}
        <span className="text-xs text-muted">
          <VisibleSentence text={t('by', { name: row.createdBy })} />
        </span>
      </td>
      <td className={cx(td, 'whitespace-nowrap')}>
        <span className="mono text-xs" data-tip={row.id}>
          {row.id.slice(0, SERIAL_SHOWN)}…
        </span>
        <CopyButton text={row.id} label={t('copySerial', { name: row.commonName })} />
      </td>
      <td className={actionsTd}>
        <Actions row={row} onRenew={onRenew} onRevoke={onRevoke} />
      </td>
    </tr>
  );
}

const STATES: Readonly<
  Record<IssuedCertificateDto['state'], { readonly tone: BadgeTone; readonly icon: typeof Clock }>
> = {
  valid: { tone: 'accepted', icon: CircleCheck },
  expiring: { tone: 'ignored', icon: Clock },
  expired: { tone: 'neutral', icon: TriangleAlert },
  revoked: { tone: 'refused', icon: CircleSlash },
};

function StateBadges({ row }: { readonly row: IssuedCertificateDto }) {
  const t = useText('certificates');
  const { tone, icon: Icon } = STATES[row.state];
  return (
    <span className="flex flex-wrap items-center gap-1">
      <Badge tone={tone} icon={<Icon aria-hidden />}>
        {t(`states.${row.state}`)}
      </Badge>
      {row.servedBy.length > 0 && <Badge>{t('served', { listeners: row.servedBy.join(', ') })}</Badge>}
      {row.replacedBy !== null && <Badge>{t('replaced')}</Badge>}
      {!row.ofCurrentCa && <Badge>{t('foreign')}</Badge>}
      <Ended row={row} />
    </span>
  );
}

/** Who revoked it, when and why; or since when it is past its end. */
function Ended({ row }: { readonly row: IssuedCertificateDto }) {
  const t = useText('certificates');
  if (row.revokedAt !== null) {
    return (
      <span className="w-full text-xs text-muted">
        <RelativeTime iso={row.revokedAt} />{' '}
        {row.revokedBy !== null && <VisibleSentence text={t('by', { name: row.revokedBy })} />}
        {row.revocationReason !== null && ` · ${t(`revoke.reasons.${row.revocationReason}`)}`}
      </span>
    );
  }
  if (row.state !== 'expired') return null;
  return (
    <span className="w-full text-xs text-muted">
      <RelativeTime iso={row.notAfter} />
    </span>
  );
}

interface ActionsProps {
  readonly row: IssuedCertificateDto;
  readonly onRenew: RowProps['onRenew'] | undefined;
  readonly onRevoke: RowProps['onRevoke'] | undefined;
}

/** Only what can be done: a served certificate renews itself, and what is revoked stays so. */
function Actions({ row, onRenew, onRevoke }: ActionsProps) {
  const t = useText('certificates');
  const download = t('download', { name: row.commonName });
  const isLive = row.revokedAt === null && row.ofCurrentCa && row.servedBy.length === 0;
  return (
    <span className="inline-flex items-center">
      <a
        href={apiUrl(`/certificates/${row.id}/certificate.pem`)}
        download={`${row.id}.crt`}
        aria-label={download}
        data-tip={download}
        className="inline-flex size-7 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-fg"
      >
        <Download aria-hidden className="size-4" />
      </a>
      {onRenew !== undefined && isLive && (
        <IconButton label={t('renewRow', { name: row.commonName })} onClick={() => onRenew(row)}>
          <RefreshCw aria-hidden />
        </IconButton>
      )}
      {onRevoke !== undefined && isLive && (
        <IconButton label={t('revokeRow', { name: row.commonName })} onClick={() => onRevoke(row)}>
          <ShieldX aria-hidden />
        </IconButton>
      )}
    </span>
  );
}
