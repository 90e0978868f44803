'use client';

import { CircleCheck, CircleAlert } from 'lucide-react';
import Link from 'next/link';
import { CodeBlock } from '@/components/ui/copy';
import {
  authenticatorsResource,
  authorityResource,
  chainsResource,
  credentialsResource,
} from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { useConfigFile } from '@/lib/use-config-file';
import { useResource } from '@/lib/use-resource';
import { checksOf, typeOf, type Check, type Found, type Proof, type Requirement } from './missing';

/** What is missing is set elsewhere, perhaps in another window: the list ticks itself. */
const REFRESH = { refetchInterval: 5_000 } as const;

interface RequirementsProps {
  readonly proof: Proof;
  /** Of an issued certificate: what a credential has to match. */
  readonly commonName?: string;
}

/** What has to be in place so that a client gets in with this, and what is missing; nothing where nothing is. */
export function Requirements({ proof, commonName }: RequirementsProps) {
  const t = useText('requirements');
  const found = useFound(commonName);
  const checks = found === undefined ? [] : checksOf(proof, found);
  if (found === undefined || checks.every(({ met }) => met)) return null;
  return (
    <section className="rounded-lg border border-line bg-ignored-soft p-4" data-testid="requirements">
      <h3 className="text-sm font-semibold">{t('title')}</h3>
      <p className="text-sm text-muted">{t('text')}</p>
      <ul className="mt-3 flex flex-col gap-3">
        {checks.map((check) => (
          <Item key={check.what} check={check} proof={proof} found={found} commonName={commonName ?? ''} />
        ))}
      </ul>
    </section>
  );
}

function useFound(commonName: string | undefined): Found | undefined {
  const authority = useResource(authorityResource, REFRESH);
  const chains = useResource(chainsResource, REFRESH);
  const authenticators = useResource(authenticatorsResource, REFRESH);
  const credentials = useResource(credentialsResource({ type: 'x509', search: commonName ?? '', limit: 1 }), {
    ...REFRESH,
    enabled: commonName !== undefined,
  });
  if (authority.data === undefined || chains.data === undefined || authenticators.data === undefined) {
    return undefined;
  }
  return {
    listeners: authority.data.listeners,
    chains: chains.data.items,
    authenticators: authenticators.data.items,
    credentials: credentials.data?.total,
  };
}

interface ItemProps {
  readonly check: Check;
  readonly proof: Proof;
  readonly found: Found;
  readonly commonName: string;
}

function Item({ check: { what, met }, proof, found, commonName }: ItemProps) {
  const t = useText('requirements');
  const file = useConfigFile();
  const type = typeOf(proof);
  const Icon = met ? CircleCheck : CircleAlert;
  return (
    <li className="flex items-start gap-2 text-sm">
      <Icon
        aria-label={t(met ? 'met' : 'missing')}
        className={`mt-0.5 size-4 shrink-0 ${met ? 'text-accepted' : 'text-ignored'}`}
      />
      <div className="flex min-w-0 flex-1 flex-col gap-1.5">
        <span>{t(`${what}.${type}`)}</span>
        {!met && (what === 'listener' || what === 'ownCa') && (
          <>
            <span className="text-xs break-words text-muted">{t('inFile', { file })}</span>
            <CodeBlock label={t(`${what}.${type}`)} code={SETTINGS[what === 'ownCa' ? 'ownCa' : type]} />
          </>
        )}
        {!met && <FixLink what={what} proof={proof} found={found} commonName={commonName} />}
      </div>
    </li>
  );
}

/** As they stand in gatehouse.yaml. */
const SETTINGS: Readonly<Record<'ownCa' | 'x509' | 'psk' | 'scram', string>> = {
  ownCa: `listeners:\n  tls:\n    verify: verify_peer\n    ca: ""\n    crl: ""`,
  x509: 'listeners:\n  tls:\n    verify: verify_peer',
  psk: 'listeners:\n  tls:\n    psk_ciphers: PSK-AES128-CBC-SHA,PSK-AES256-CBC-SHA',
  scram: '',
};

interface FixLinkProps extends Omit<ItemProps, 'check'> {
  readonly what: Requirement;
}

function FixLink({ what, proof, found, commonName }: FixLinkProps) {
  const t = useText('requirements');
  const type = typeOf(proof);
  const isThere = found.authenticators.some((one) => one.type === type);
  const links: Readonly<Record<Requirement, readonly [string, string]>> = {
    listener: ['/certificates', t('toListeners')],
    ownCa: ['/certificates', t('toListeners')],
    chain: isThere
      ? ['/authentication', t('toChain')]
      : [`/authentication/new?type=${type}`, t('toAuthenticator')],
    credential: [
      `/credentials/new?${new URLSearchParams({ type: 'x509', by: 'cn', value: commonName }).toString()}`,
      t('toCredential'),
    ],
  };
  const [href, text] = links[what];
  return (
    // What is shown here is shown once: the way on opens beside it.
    <Link href={href} target="_blank" className="self-start text-accent hover:underline">
      {text}
    </Link>
  );
}
