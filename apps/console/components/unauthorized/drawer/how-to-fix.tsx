'use client';

import type { UnauthorizedClientDetailDto } from '@gatehouse/contract';
import Link from 'next/link';
import { useState } from 'react';
import { Button, buttonClass } from '@/components/ui/button';
import { useText } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazy-part';
import { useMay } from '@/lib/session';
import {
  certificateLink,
  changedPath,
  credentialLink,
  fixIcon,
  isOffered,
  type FixOption,
} from '@/lib/unauthorized/fixes';
import { PATH } from '@/lib/unauthorized/query';
import { useFixes } from '@/lib/unauthorized/use-fixes';
import { Section } from './section';
import { ServerSentence } from './server-sentence';

const CreateCredential = lazyPart(() =>
  import('./create-credential').then((module) => module.CreateCredential),
);
const ResetSecret = lazyPart(() => import('./reset-secret').then((module) => module.ResetSecret));
const ExtendCredential = lazyPart(() =>
  import('./extend-credential').then((module) => module.ExtendCredential),
);

const TrustCa = lazyPart(() => import('./trust-ca').then((module) => module.TrustCa));
const SettingDialog = lazyPart(() => import('./setting-dialog').then((module) => module.SettingDialog));
const BlockRefused = lazyPart(() =>
  import('@/components/blocked/block-refused').then((module) => module.BlockRefused),
);
const RevertDialog = lazyPart(() =>
  import('@/components/authentication/revert-dialog').then((module) => module.RevertDialog),
);

/** What to do, and the buttons that do it: only those that can. */
export function HowToFix({ row }: { readonly row: UnauthorizedClientDetailDto }) {
  const t = useText('unauthorized');
  const [asking, setAsking] = useState<FixOption | null>(null);
  const mayWrite = useMay('credentials:write');
  const mayRelease = useMay('sessions:release');
  const mayBlock = useMay('blocks:write');
  const mayTry = useMay('try:run');
  const mayConfigure = useMay('authentication:write');
  const mayRead = useMay('certificates:read');
  const mayCertify = useMay('certificates:write');
  const mayReadAccess = useMay('access:read');
  const may = { mayRead, mayCertify, mayWrite, mayBlock, mayRelease, mayTry, mayConfigure, mayReadAccess };
  const offered = row.fixes.filter((fix) => isOffered(fix, may));
  const close = (): void => setAsking(null);
  return (
    <Section title={t('drawer.fix')}>
      <p className="text-muted">
        {row.state === 'resolved' ? t('fix.settled') : <ServerSentence text={row.howToFix} />}
      </p>
      <div className="flex flex-wrap gap-2 not-empty:mt-3">
        {offered.map((fix) => (
          <FixButton key={fix.action} fix={fix} row={row} onAsk={setAsking} />
        ))}
      </div>
      {asking?.action === 'create-credential' && (
        <CreateCredential row={row} prefill={asking.prefill} onClose={close} />
      )}
      {asking?.action === 'reset-secret' && asking.credentialId !== null && (
        <ResetSecret row={row} credentialId={asking.credentialId} onClose={close} />
      )}
      {asking?.action === 'extend-credential' && asking.credentialId !== null && (
        <ExtendCredential credentialId={asking.credentialId} rowId={row.id} onClose={close} />
      )}
      {asking?.action === 'trust-ca' && <TrustCa row={row} onClose={close} />}
      {asking?.action === 'edit-listener' && (
        <SettingDialog setting={String(asking.prefill['setting'])} onClose={close} />
      )}
      {asking?.action === 'revert-change' && (
        <RevertDialog path={changedPath(asking.prefill)} stale={[`${PATH}/${row.id}`]} onClose={close} />
      )}
      {asking?.action === 'block' && (
        <BlockRefused known={asking.prefill} reason={row.reason} onClose={close} />
      )}
    </Section>
  );
}

interface FixButtonProps {
  readonly fix: FixOption;
  readonly row: UnauthorizedClientDetailDto;
  readonly onAsk: (fix: FixOption) => void;
}

function FixButton({ fix, row, onAsk }: FixButtonProps) {
  const t = useText('unauthorized');
  const { run, running } = useFixes(row);
  const label = t.has(`fix.${fix.action}`) ? t(`fix.${fix.action}`) : fix.label;
  const Icon = fixIcon(fix.action);
  const icon = <Icon aria-hidden className="size-4" />;
  const tone = fix.primary ? 'primary' : 'neutral';
  const href = linkOf(fix, row.id);
  if (href !== null) {
    return (
      <Link href={href} className={buttonClass(tone)}>
        {icon}
        {label}
      </Link>
    );
  }
  return (
    <Button
      tone={tone}
      icon={icon}
      busy={running === fix.action}
      onClick={() => {
        if (!run(fix)) onAsk(fix);
      }}
    >
      {label}
    </Button>
  );
}

/** The page that makes a credential of another type than basic. */
function newCredentialLink(prefill: FixOption['prefill'], from: string): string {
  const query = new URLSearchParams({ from });
  for (const key of ['type', 'by', 'value', 'identity', 'username', 'clientId']) {
    const value = prefill[key];
    if (typeof value === 'string') query.set(key, value);
  }
  return `/credentials/new?${query.toString()}`;
}

/** The authenticator's drawer, with rules for the certificate's name prefilled where its settings hold the credential. */
function authenticatorLink({ authenticator, cn, credential }: FixOption['prefill'], forCn: boolean): string {
  const query = new URLSearchParams({ open: String(authenticator ?? '') });
  if (forCn && typeof cn === 'string') query.set('cn', cn);
  if (forCn && typeof credential === 'string' && credential !== '') query.set('credential', credential);
  return `/authentication?${query.toString()}`;
}

/** What is mended in the form of a credential. */
const ON_PAGE_OF_CREDENTIAL: ReadonlySet<string> = new Set([
  'edit-credential',
  'edit-rules',
  'add-rules-for-cn',
]);

/** Fixes that are another page, opened with what is known filled in. */
function linkOf({ action, prefill, credentialId }: FixOption, rowId: string): string | null {
  const { type } = prefill;
  if (action === 'create-credential' && typeof type === 'string') return newCredentialLink(prefill, rowId);
  if (ON_PAGE_OF_CREDENTIAL.has(action) && credentialId !== null) {
    const open = credentialLink(credentialId);
    const cn = action === 'add-rules-for-cn' ? prefill['cn'] : null;
    return typeof cn === 'string' ? `${open}&cn=${encodeURIComponent(cn)}` : open;
  }
  if (action === 'install-ca') return '/certificates';
  if (action === 'edit-access-rules') return '/access';
  if (action === 'renew-certificate' || action === 'show-certificate') {
    return certificateLink(String(prefill['serial'] ?? ''));
  }
  if (action === 'edit-authenticator' || action === 'add-rules-for-cn') {
    return authenticatorLink(prefill, action === 'add-rules-for-cn');
  }
  if (action === 'edit-chain') return '/authentication';
  if (action === 'edit-anonymous-policy') return '/authentication#anonymous';
  if (action !== 'open-in-tester') return null;
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(prefill)) if (value !== null) params.set(name, String(value));
  return `/try?${params.toString()}`;
}
