'use client';

import type { CredentialDto, UnauthorizedClientDto } from '@gatehouse/contract';
import { Command } from 'cmdk';
import { KeyRound, PlugZap, ShieldX } from 'lucide-react';
import { useDeferredValue, type ReactNode } from 'react';
import { ClientText } from '@/components/ui/client-text';
import { clientsResource, type PageOf } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { resource } from '@/lib/resource';
import { useMay } from '@/lib/session';
import { useResource } from '@/lib/use-resource';

const SEARCH_FROM_CHARACTERS = 3;
const SHOWN_MAX = 5;

interface PaletteMatchesProps {
  readonly text: string;
  readonly itemClass: string;
  readonly groupClass: string;
  readonly onGo: (href: string) => void;
}

/** The first few refused clients, credentials and sessions that match what is typed; an attempt by its reference. */
export function PaletteMatches({ text, itemClass, groupClass, onGo }: PaletteMatchesProps) {
  const t = useText('shell');
  const search = useDeferredValue(text);
  const long = search.length >= SEARCH_FROM_CHARACTERS;
  const query = { search, limit: SHOWN_MAX };
  const refused = useResource(resource<PageOf<UnauthorizedClientDto>>('/unauthorized-clients', query), {
    enabled: useMay('unauthorized:read') && long,
  });
  const credentials = useResource(resource<PageOf<CredentialDto>>('/credentials', query), {
    enabled: useMay('credentials:read') && long,
  });
  const clients = useResource(clientsResource(query), { enabled: useMay('clients:read') && long });
  if (!long) return null;
  const classes = { itemClass, groupClass, onGo };
  return (
    <>
      <Matches
        {...classes}
        heading={t('nav.unauthorized')}
        matches={refused.data?.items.map(({ id, clientId, ip }) => ({
          key: `refused ${id}`,
          href: `/unauthorized/${id}`,
          icon: <ShieldX aria-hidden />,
          name: <ClientText text={clientId} />,
          beside: ip,
        }))}
      />
      <Matches
        {...classes}
        heading={t('nav.credentials')}
        matches={credentials.data?.items.map(({ id, name, username }) => ({
          key: `credential ${id}`,
          href: `/credentials?open=${id}`,
          icon: <KeyRound aria-hidden />,
          name: <span className="truncate">{name}</span>,
          beside: username === name ? null : username,
        }))}
      />
      <Matches
        {...classes}
        heading={t('nav.clients')}
        matches={clients.data?.items.map(({ clientId, username }) => ({
          key: `session ${clientId}`,
          href: `/clients?open=${encodeURIComponent(clientId)}`,
          icon: <PlugZap aria-hidden />,
          name: <ClientText text={clientId} />,
          beside: username,
        }))}
      />
    </>
  );
}

interface Match {
  readonly key: string;
  readonly href: string;
  readonly icon: ReactNode;
  readonly name: ReactNode;
  /** What tells it from others of its name. */
  readonly beside: string | null;
}

interface MatchesProps extends Omit<PaletteMatchesProps, 'text'> {
  readonly heading: string;
  readonly matches: readonly Match[] | undefined;
}

function Matches({ heading, matches = [], itemClass, groupClass, onGo }: MatchesProps) {
  if (matches.length === 0) return null;
  return (
    <Command.Group heading={heading} className={groupClass} forceMount>
      {matches.map(({ key, href, icon, name, beside }) => (
        <Command.Item key={key} value={key} forceMount className={itemClass} onSelect={() => onGo(href)}>
          {icon}
          {name}
          <bdi className="mono ms-auto truncate text-xs text-muted">{beside}</bdi>
        </Command.Item>
      ))}
    </Command.Group>
  );
}
