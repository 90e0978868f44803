'use client';

import type { AuthenticatorDto } from '@gatehouse/contract';
import { Dialog } from '@/components/ui/dialog';
import { Badge } from '@/components/ui/badge';
import { ErrorState, Notice, Skeleton } from '@/components/ui/states';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { authenticatorResource, authenticatorTypesResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { useMay } from '@/lib/session';
import { useResource } from '@/lib/use-resource';
import { BackendBadges } from './backend-badges';
import { EditForm } from './edit-form';
import { LockedBadge } from './locked-badge';
import { RevertButton } from './revert-button';
import { StepStats } from './step-stats';
import { namedType } from './types';
import type { AddedCn } from './with-cn';

interface AuthenticatorDrawerProps {
  readonly name: string;
  /** A common name that rules are to be added for. */
  readonly addCn: AddedCn | undefined;
  readonly onClose: () => void;
}

/** One authenticator: how it does, its settings, and a test of them. */
export function AuthenticatorDrawer({ name, addCn, onClose }: AuthenticatorDrawerProps) {
  const t = useText('authentication');
  const found = useResource(authenticatorResource(name));
  const types = useResource(authenticatorTypesResource);
  const failed = [found, types].find((one) => one.isError && one.data === undefined);
  const schema = types.data?.items.find((one) => one.type === found.data?.type)?.schema;
  const known = namedType(found.data?.type ?? '');
  const editable = useMay('authentication:write') && found.data?.source !== 'file';
  // Where nothing can be pressed, the keyboard needs something to scroll.
  const readable = editable ? {} : ({ tabIndex: 0, role: 'region', 'aria-label': name } as const);
  return (
    <Dialog
      open
      variant="drawer"
      size="lg"
      onClose={onClose}
      title={<VisibleSentence text={name} />}
      description={known !== undefined && t(`types.${known}.text`)}
    >
      {failed !== undefined ? (
        <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />
      ) : found.data === undefined || types.data === undefined ? (
        <div className="flex flex-col gap-3">
          <Skeleton className="h-8 w-2/3" />
          <Skeleton className="h-40 w-full" />
        </div>
      ) : (
        <div className="flex flex-col gap-5" {...readable}>
          <State one={found.data} />
          {schema === undefined ? (
            <Notice tone="danger">{t('unknownType', { type: found.data.type })}</Notice>
          ) : (
            <>
              {addCn !== undefined && editable && (
                <Notice>
                  <VisibleSentence text={t('drawer.addedFor', { name: addCn.cn })} />
                </Notice>
              )}
              {/* A version's own form: what somebody else changed meanwhile shows, rather than being overwritten. */}
              <EditForm
                key={found.data.version}
                one={found.data}
                schema={schema}
                addCn={addCn}
                onClose={onClose}
              />
            </>
          )}
        </div>
      )}
    </Dialog>
  );
}

function State({ one }: { readonly one: AuthenticatorDto }) {
  const t = useText('authentication');
  const may = useMay('authentication:write');
  return (
    <div className="flex flex-col gap-2">
      <span className="flex flex-wrap items-center gap-2 text-sm text-muted">
        <Badge>{one.type}</Badge>
        {one.chains.length === 0
          ? t('drawer.noChain')
          : t('drawer.chains', { names: one.chains.join(', '), count: one.chains.length })}
      </span>
      {one.revertible && (
        <span>
          <RevertButton path={`/authenticators/${encodeURIComponent(one.name)}`} />
        </span>
      )}
      <BackendBadges one={one} />
      <StepStats stats={one.stats} />
      {one.problem !== null && (
        <Notice tone="danger">
          {t('step.problem')} <VisibleSentence text={one.problem} />
        </Notice>
      )}
      {one.declaredAt !== null ? (
        <Notice>
          <LockedBadge at={one.declaredAt} /> <span className="mt-1 block">{t('lockedHint')}</span>
        </Notice>
      ) : (
        !may && <Notice>{t('readOnly')}</Notice>
      )}
    </div>
  );
}
