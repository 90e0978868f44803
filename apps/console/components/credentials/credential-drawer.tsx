'use client';

import type { CredentialDto } from '@gatehouse/contract';
import { CopyPlus, FlaskConical, KeyRound, ShieldX, Trash2 } from 'lucide-react';
import Link from 'next/link';
import { useState, type ReactNode } from 'react';
import { Button, buttonClass } from '@/components/ui/button';
import { ClientText } from '@/components/ui/client-text';
import { Dialog } from '@/components/ui/dialog';
import { Fact, Facts } from '@/components/ui/page';
import { ErrorState, Notice, Skeleton } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import { Switch } from '@/components/ui/toggle';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { apiUrl } from '@/lib/api';
import { credentialResource } from '@/lib/endpoints';
import { useFormat, useText } from '@/lib/i18n';
import { useMay } from '@/lib/session';
import { unauthorizedLink } from '@/lib/unauthorized-link';
import { useResource } from '@/lib/use-resource';
import { DeleteCredentials } from './delete-credentials';
import { EditForm } from './edit-form';
import { NewSecret } from './new-secret';
import { ResetDialog } from './reset-dialog';
import { StatusBadge } from './status-badge';
import { useCredentialActions } from './use-credential-actions';

interface CredentialDrawerProps {
  readonly id: string;
  /** A common name that rules are to be added for; null: none. */
  readonly addCn: string | null;
  readonly onClose: () => void;
}

/** One credential: what it is, how it is used, and everything that can be changed. */
export function CredentialDrawer({ id, addCn, onClose }: CredentialDrawerProps) {
  const t = useText('credentials');
  const found = useResource(credentialResource(id));
  const credential = found.data;
  return (
    <Dialog
      open
      variant="drawer"
      size="md"
      onClose={onClose}
      title={<VisibleSentence text={credential?.name ?? t('drawer.title')} />}
      description={credential !== undefined && <StatusBadge credential={credential} />}
    >
      {credential !== undefined ? (
        <CredentialDetail credential={credential} addCn={addCn} onClose={onClose} />
      ) : found.isError ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      ) : (
        <div className="flex flex-col gap-3">
          <Skeleton className="h-8 w-2/3" />
          <Skeleton className="h-40 w-full" />
        </div>
      )}
    </Dialog>
  );
}

function CredentialDetail({
  credential,
  addCn,
  onClose,
}: Pick<CredentialDrawerProps, 'addCn'> & {
  readonly credential: CredentialDto;
  readonly onClose: () => void;
}) {
  const t = useText('credentials');
  const may = useMay('credentials:write');
  const editable = may && credential.source !== 'file';
  const [dialog, setDialog] = useState<'none' | 'reset' | 'delete'>('none');
  const close = (): void => setDialog('none');
  return (
    <div className="flex flex-col gap-5">
      {credential.source === 'file' && <Notice>{t('drawer.fromFile')}</Notice>}
      <CredentialActions
        credential={credential}
        editable={editable}
        clonable={may && (credential.unparsable ?? null) === null}
        onReset={() => setDialog('reset')}
        onDelete={() => setDialog('delete')}
      />
      <Usage credential={credential} />
      {/* A version's own form: what somebody else changed meanwhile shows, rather than being overwritten. */}
      <EditForm
        key={credential.version}
        credential={credential}
        editable={editable}
        addCn={editable ? addCn : null}
      />
      {dialog === 'reset' && (
        <ResetDialog
          credential={credential}
          submitLabel={t('reset.submit')}
          stale={[]}
          onClose={close}
          done={(made) => <NewSecret credential={made} onClose={close} />}
        />
      )}
      {dialog === 'delete' && (
        <DeleteCredentials targets={[credential]} onClose={close} onDeleted={onClose} />
      )}
    </div>
  );
}

interface CredentialActionsProps {
  readonly credential: CredentialDto;
  readonly editable: boolean;
  readonly clonable: boolean;
  readonly onReset: () => void;
  readonly onDelete: () => void;
}

function CredentialActions({ credential, editable, clonable, onReset, onDelete }: CredentialActionsProps) {
  const t = useText('credentials');
  const common = useText('common');
  const { setEnabled } = useCredentialActions();
  const tryHref = `/try${apiUrl('', { username: credential.username, clientId: credential.clientId }).replace(/^[^?]*/, '')}`;
  const refusedHref = refusedLink(credential);
  return (
    <div className="flex flex-wrap items-center justify-end gap-2">
      <label className="me-auto flex items-center gap-2 text-sm">
        <Switch
          checked={credential.enabled}
          label={t('enabled')}
          disabled={!editable}
          onChange={(enabled) => setEnabled.mutate({ ids: [credential.id], enabled })}
        />
        {t('enabled')}
      </label>
      {editable && !credential.passwordless && credential.type !== 'x509' && (
        <Button size="sm" icon={<KeyRound aria-hidden className="size-4" />} onClick={onReset}>
          {t('reset.open')}
        </Button>
      )}
      {clonable && (
        <Link
          href={`/credentials/new?clone=${encodeURIComponent(credential.id)}`}
          className={buttonClass('neutral', 'sm')}
        >
          <CopyPlus aria-hidden className="size-4" />
          {t('drawer.clone')}
        </Link>
      )}
      {(credential.type === 'basic' || credential.type === 'scram') && (
        <Link href={tryHref} className={buttonClass('neutral', 'sm')}>
          <FlaskConical aria-hidden className="size-4" />
          {t('drawer.try')}
        </Link>
      )}
      <Link href={refusedHref} className={buttonClass('neutral', 'sm')}>
        <ShieldX aria-hidden className="size-4" />
        {t('drawer.refused')}
      </Link>
      {editable && (
        <Button size="sm" tone="danger" icon={<Trash2 aria-hidden className="size-4" />} onClick={onDelete}>
          {common('delete')}
        </Button>
      )}
    </div>
  );
}

/** The refused clients that this credential is about; those of a certificate or key are found by what they show. */
function refusedLink({ type, username, clientId, x509, psk }: CredentialDto): string {
  if (type === 'psk') return unauthorizedLink({ search: psk?.identity ?? '' });
  if (type === 'x509') {
    return unauthorizedLink(x509?.match?.by === 'cn' ? { search: x509.match.value } : { family: 'x509' });
  }
  return unauthorizedLink(
    username === null ? { clientId: `eq:${clientId ?? ''}` } : { username: `eq:${username}` },
  );
}

const Time = ({ iso, otherwise }: { readonly iso: string | null; readonly otherwise: ReactNode }) =>
  iso === null ? <span className="text-faint">{otherwise}</span> : <RelativeTime iso={iso} focusable />;

function Usage({ credential }: { readonly credential: CredentialDto }) {
  const { formatNumber } = useFormat();
  const t = useText('credentials');
  const common = useText('common');
  return (
    <Facts>
      <Fact label={t('lastUsed')}>
        <Time iso={credential.lastUsedAt} otherwise={common('never')} />{' '}
        {credential.lastUsedIp !== null && <span className="mono text-muted">{credential.lastUsedIp}</span>}
      </Fact>
      <Fact label={t('liveSessions')}>
        {credential.liveSessions === 0 ? (
          <span className="nums">0</span>
        ) : (
          <Link
            href={`/clients?credentialId=${encodeURIComponent(credential.id)}`}
            className="nums text-accent hover:underline"
          >
            {formatNumber(credential.liveSessions)}
          </Link>
        )}
      </Fact>
      <Fact label={t('type')}>{t(`types.${credential.type}`)}</Fact>
      {credential.scram !== null && credential.scram.iterations !== null && (
        <Fact label={t('scram.keys')}>
          {credential.scram.mechanisms.join(', ')},{' '}
          {t('scram.iterations', { count: credential.scram.iterations })}
        </Fact>
      )}
      {credential.type !== 'x509' && <SecretFact credential={credential} />}
      {credential.previousSecretValidUntil !== null && (
        <Fact label={t('previousUntil')}>
          <RelativeTime iso={credential.previousSecretValidUntil} focusable />
        </Fact>
      )}
      <Fact label={t('created')}>
        <RelativeTime iso={credential.createdAt} focusable />
      </Fact>
      {credential.clientId !== null && (
        <Fact label={t('clientId')}>
          <ClientText text={credential.clientId} expandable />
        </Fact>
      )}
    </Facts>
  );
}

/** Where its secret is from, and how long it has been that. */
function SecretFact({ credential }: { readonly credential: CredentialDto }) {
  const t = useText('credentials');
  const common = useText('common');
  return (
    <>
      <Fact label={t('secret.legend')}>
        {credential.passwordless
          ? t('secret.passwordless')
          : credential.hasSecret
            ? t(`secretKind.${credential.secretKind ?? 'chosen'}`)
            : t('secret.missing')}{' '}
        {credential.hashFormat !== null && (
          <span className="mono text-xs text-faint">{credential.hashFormat}</span>
        )}
      </Fact>
      <Fact label={t('secretChanged')}>
        <Time iso={credential.secretChangedAt} otherwise={common('never')} />
      </Fact>
    </>
  );
}
