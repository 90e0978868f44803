'use client';

import type { CredentialDto, UnauthorizedClientDto } from '@gatehouse/contract';
import { Command } from 'cmdk';
import { KeyRound, ShieldX } from 'lucide-react';
import { useDeferredValue } from 'react';
import { ClientText } from '@/components/ui/client-text';
import type { PageOf } from '@/lib/endpoints';
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

/** The first few refused clients and credentials that match what is typed. */
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
  if (!long) return null;
  return (
    <>
      {(refused.data?.items.length ?? 0) > 0 && (
        <Command.Group heading={t('nav.unauthorized')} className={groupClass} forceMount>
          {refused.data?.items.map((row) => (
            <Command.Item
              key={row.id}
              value={`refused ${row.id}`}
              forceMount
              className={itemClass}
              onSelect={() => onGo(`/unauthorized/${row.id}`)}
            >
              <ShieldX aria-hidden />
              <ClientText text={row.clientId} />
              <span className="mono ms-auto text-xs text-faint">{row.ip}</span>
            </Command.Item>
          ))}
        </Command.Group>
      )}
      {(credentials.data?.items.length ?? 0) > 0 && (
        <Command.Group heading={t('nav.credentials')} className={groupClass} forceMount>
          {credentials.data?.items.map((row) => (
            <Command.Item
              key={row.id}
              value={`credential ${row.id}`}
              forceMount
              className={itemClass}
              onSelect={() => onGo(`/credentials?open=${row.id}`)}
            >
              <KeyRound aria-hidden />
              <span className="truncate">{row.name}</span>
            </Command.Item>
          ))}
        </Command.Group>
      )}
    </>
  );
}
