'use client';

import type { ListenerCertificatesDto, UnauthorizedClientDetailDto } from '@gatehouse/contract';
import { useState } from 'react';
import { STALE } from '@/components/certificates/query';
import { Button } from '@/components/ui/button';
import { ClientText } from '@/components/ui/client-text';
import { CodeBlock } from '@/components/ui/copy';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { Fact, Facts } from '@/components/ui/page';
import { PemArea } from '@/components/ui/pem-area';
import { ErrorState, Skeleton } from '@/components/ui/states';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { api } from '@/lib/api';
import { authorityResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { useForm } from '@/lib/use-form';
import { useResource } from '@/lib/use-resource';
import { useSave } from '@/lib/use-save';

interface TrustCaProps {
  readonly row: UnauthorizedClientDetailDto;
  readonly onClose: () => void;
}

/** Trusts the CA that a refused client's certificate leads to, where the server keeps the list; else says what to set. */
export function TrustCa({ row, onClose }: TrustCaProps) {
  const t = useText('certificates');
  const { data, error, refetch } = useResource(authorityResource);
  const listener = data?.listeners.find((one) => one.listener === row.listener);
  if (listener?.clients?.managed === true) return <TrustForm row={row} onClose={onClose} />;
  return (
    <Dialog
      open
      size="sm"
      onClose={onClose}
      title={t('trust.title')}
      footer={<Button onClick={onClose}>{t('trust.close')}</Button>}
    >
      {error !== null ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Skeleton className="h-24" />
      ) : (
        <Instructions name={row.listener} clients={listener?.clients ?? null} />
      )}
    </Dialog>
  );
}

interface InstructionsProps {
  readonly name: string;
  readonly clients: ListenerCertificatesDto['clients'];
}

/** The exact command or setting, where the file is the operator's. */
function Instructions({ name, clients }: InstructionsProps) {
  const t = useText('certificates');
  const text =
    clients === null ? t('trust.notAsked', { listener: name }) : t('trust.yours', { listener: name });
  return (
    <div className="flex flex-col gap-2">
      <p>
        <VisibleSentence text={text} />
      </p>
      <CodeBlock
        label={text}
        code={
          clients === null
            ? `listeners:\n  ${name}:\n    verify: verify_peer`
            : `cat issuing-ca.pem >> ${clients.caFile}`
        }
      />
    </div>
  );
}

function TrustForm({ row, onClose }: TrustCaProps) {
  const t = useText('certificates');
  const root = row.certificateChain.find(({ pem }) => pem !== null);
  const [pasted, setPasted] = useState('');
  const certificate = root?.pem ?? pasted;
  const save = useSave(() => api.post('/certificates/trusted', { certificate }), {
    stale: STALE,
    done: () => t('trust.done'),
    onDone: onClose,
  });
  const form = useForm('trustCa', { certificate }, save);
  return (
    <FormDialog
      title={t('trust.title')}
      submitLabel={t('trust.yes')}
      tone="danger"
      form={form}
      onClose={onClose}
    >
      <p>{t('trust.text')}</p>
      {root === undefined ? (
        <Field label={t('trust.paste')} hint={t('trust.pasteHint')} error={form.errorOf('certificate')}>
          {(ids) => <PemArea {...ids} kind="CERTIFICATE" value={pasted} onChange={setPasted} />}
        </Field>
      ) : (
        <Facts>
          <Fact label={t('ca.subject')}>
            <ClientText text={root.subject} max={80} expandable />
          </Fact>
          <Fact label={t('ca.fingerprint')}>
            <span className="mono text-xs break-all">{root.fingerprint}</span>
          </Fact>
        </Facts>
      )}
    </FormDialog>
  );
}
