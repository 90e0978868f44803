'use client';

import type { CredentialWithSecretDto, StartStatusDto } from '@gatehouse/contract';
import { Download, KeyRound } from 'lucide-react';
import { ConnectBox } from '@/components/connect/connect-box';
import { Button } from '@/components/ui/button';
import { ClientText } from '@/components/ui/client-text';
import { CopyButton } from '@/components/ui/copy';
import { Skeleton } from '@/components/ui/states';
import { Table, TableHead, td, th, tr } from '@/components/ui/table';
import { unknownBroker } from '@/lib/connect/targets';
import { useConnect } from '@/lib/connect/use-connect';
import { startStatusResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { save } from '@/lib/save-file';
import { useLeaveQuestion } from '@/lib/use-leave-question';
import { useResource } from '@/lib/use-resource';
import { sheetOf } from './several-sheet';

const FILE = 'gatehouse-credentials.csv';

/** The secrets of credentials that were made together, once, with a sheet to hand over. */
export function SeveralScreen({ made }: { readonly made: readonly CredentialWithSecretDto[] }) {
  const t = useText('credentials');
  useLeaveQuestion(true);
  const start = useResource(startStatusResource);
  return (
    <div className="flex flex-col gap-4">
      {start.isPending ? (
        // A sheet with a guessed port would be handed over: there is none until the server has told.
        <Skeleton className="h-24" />
      ) : (
        <Sheet mqtt={start.data?.mqtt ?? unknownBroker(window.location.hostname)} made={made} />
      )}
      <Table label={t('several.title')}>
        <TableHead>
          {(['name', 'usernameOrIdentity', 'clientId', 'secret'] as const).map((column) => (
            <th key={column} scope="col" className={th}>
              {t(`several.columns.${column}`)}
            </th>
          ))}
        </TableHead>
        <tbody>
          {made.map(({ id, name, username, clientId, psk, secret }) => (
            <tr key={id} className={tr}>
              <td className={td}>
                <ClientText text={name} />
              </td>
              <td className={`${td} mono`}>
                <ClientText text={psk?.identity ?? username ?? '—'} />
              </td>
              <td className={`${td} mono`}>
                <ClientText text={clientId ?? '—'} />
              </td>
              <td className={`${td} mono break-all select-all`}>{secret ?? '—'}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}

interface SheetProps {
  readonly mqtt: StartStatusDto['mqtt'];
  readonly made: readonly CredentialWithSecretDto[];
}

/** The sheet for the way to the broker that is chosen; a pre-shared key has TLS alone. */
function Sheet({ mqtt, made }: SheetProps) {
  const t = useText('credentials');
  const isPsk = made.some(({ type }) => type === 'psk');
  const connect = useConnect(isPsk ? { ...mqtt, tcpPort: null } : mqtt);
  return (
    <ConnectBox connect={connect}>
      {(target) => (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border border-accent bg-accent-soft p-4">
          <p className="flex min-w-0 grow basis-64 items-start gap-2 text-sm">
            <KeyRound aria-hidden className="mt-0.5 size-4 shrink-0 text-accent" />
            <span>
              <span className="font-medium">{t('several.title')}</span>
              <span className="block text-xs text-muted">
                {t('several.hint', { host: target.host, port: String(target.port) })}
              </span>
            </span>
          </p>
          <Button
            tone="primary"
            icon={<Download aria-hidden className="size-4" />}
            onClick={() => save(FILE, sheetOf(made, target))}
          >
            {t('several.download')}
          </Button>
          <CopyButton text={sheetOf(made, target)} label={t('several.copy')} />
        </div>
      )}
    </ConnectBox>
  );
}
