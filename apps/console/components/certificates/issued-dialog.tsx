'use client';

import type { NewCertificateDto, StartStatusDto } from '@gatehouse/contract';
import { Download, KeyRound } from 'lucide-react';
import { Requirements } from '@/components/requirements/requirements';
import { Button } from '@/components/ui/button';
import { CodeBlock, CopyButton } from '@/components/ui/copy';
import { Dialog } from '@/components/ui/dialog';
import { Tabs } from '@/components/ui/tabs';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { CERTIFICATE_SNIPPETS, certificateSnippet, fileBase } from '@/lib/connect/certificate-snippets';
import { CA_FILE } from '@/lib/connect/targets';
import { startStatusResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { save } from '@/lib/save-file';
import { useLeaveQuestion } from '@/lib/use-leave-question';
import { useResource } from '@/lib/use-resource';

interface IssuedDialogProps {
  readonly made: NewCertificateDto;
  readonly onClose: () => void;
}

/** A certificate as it was issued; its key is shown this once, so that it closes by its button only. */
export function IssuedDialog({ made, onClose }: IssuedDialogProps) {
  const t = useText('certificates');
  const hasKey = made.privateKey !== undefined;
  const base = fileBase(made.commonName);
  useLeaveQuestion(hasKey);
  const start = useResource(startStatusResource);
  return (
    <Dialog
      open
      sticky={hasKey}
      onClose={onClose}
      title={<VisibleSentence text={t('once.title', { name: made.commonName })} />}
      footer={
        <Button tone="primary" onClick={onClose}>
          {hasKey ? t('once.kept') : t('once.close')}
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <div className="rounded-lg border border-accent bg-accent-soft p-4">
          <p className="flex items-center gap-2 text-sm font-medium">
            <KeyRound aria-hidden className="size-4 shrink-0 text-accent" />
            {hasKey ? t('once.key') : t('once.noKey')}
          </p>
          <Downloads made={made} base={base} />
          {made.pkcs12Password !== undefined && <Password password={made.pkcs12Password} />}
        </div>
        {made.purpose === 'client' && <Requirements proof="issued" commonName={made.commonName} />}
        {made.purpose === 'client' && start.data !== undefined && (
          <Snippets mqtt={start.data.mqtt} base={base} />
        )}
      </div>
    </Dialog>
  );
}

function Downloads({ made, base }: { readonly made: NewCertificateDto; readonly base: string }) {
  const t = useText('certificates');
  const { certificate, privateKey, pkcs12, ca } = made;
  return (
    <div className="mt-3 flex flex-wrap gap-2">
      {privateKey !== undefined && (
        <DownloadButton text={t('once.privateKey')} onClick={() => save(`${base}.key`, privateKey)} />
      )}
      <DownloadButton text={t('once.certificate')} onClick={() => save(`${base}.crt`, certificate)} />
      {pkcs12 !== undefined && (
        <DownloadButton
          text={t('once.pkcs12')}
          onClick={() =>
            save(
              `${base}.p12`,
              Uint8Array.from(atob(pkcs12), (c) => c.charCodeAt(0)),
            )
          }
        />
      )}
      <DownloadButton text={t('once.ca')} onClick={() => save(CA_FILE, ca)} />
    </div>
  );
}

const DownloadButton = ({ text, onClick }: { readonly text: string; readonly onClick: () => void }) => (
  <Button size="sm" icon={<Download aria-hidden className="size-4" />} onClick={onClick}>
    {text}
  </Button>
);

function Password({ password }: { readonly password: string }) {
  const t = useText('certificates');
  return (
    <div className="mt-3">
      <p className="text-xs text-muted">{t('once.password')}</p>
      <div className="mt-1 flex items-center gap-2 rounded-md border border-line-strong bg-surface py-1 pe-1 ps-3">
        <code data-testid="pkcs12-password" className="mono min-w-0 flex-1 break-all select-all">
          {password}
        </code>
        <CopyButton text={password} label={t('once.copyPassword')} />
      </div>
    </div>
  );
}

function Snippets({ mqtt, base }: { readonly mqtt: StartStatusDto['mqtt']; readonly base: string }) {
  const t = useText('certificates');
  const { host, tlsPort, ownCa } = mqtt;
  if (tlsPort === null) return <p className="text-sm text-muted">{t('once.noTls')}</p>;
  const facts = { host, port: tlsPort, base, caFile: ownCa.tls ? CA_FILE : null };
  return (
    <section className="flex flex-col gap-2">
      <h3 className="text-sm font-medium">{t('once.use')}</h3>
      <Tabs
        label={t('once.use')}
        tabs={CERTIFICATE_SNIPPETS.map((kind) => ({
          value: kind,
          label: t(`snippets.${kind}`),
          content: <CodeBlock code={certificateSnippet(kind, facts)} label={t(`snippets.${kind}`)} />,
        }))}
      />
    </section>
  );
}
