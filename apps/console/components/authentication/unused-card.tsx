'use client';

import type { AuthenticatorDto, ChainDto } from '@gatehouse/contract';
import { Plus } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/page';
import { useText } from '@/lib/i18n';
import { useMay } from '@/lib/session';
import { AuthenticatorName } from './authenticator-name';
import { partsOf, type Steps, stepsOf } from './chain-entries';
import { useChainSteps } from './use-authentication-actions';

interface UnusedCardProps {
  readonly unused: readonly AuthenticatorDto[];
  readonly chains: readonly ChainDto[];
  readonly onOpen: (name: string) => void;
}

/** Authenticators that decide about nobody, for no chain names them. */
export function UnusedCard({ unused, chains, onOpen }: UnusedCardProps) {
  const t = useText('authentication');
  const may = useMay('authentication:write');
  const open = may ? chains.filter((chain) => chain.declaredAt === null) : [];
  return (
    <Card title={t('unused.title')}>
      <ul aria-label={t('unused.title')}>
        {unused.map((one) => (
          <li
            key={one.name}
            className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-2.5 last:border-b-0"
          >
            <div className="flex min-w-48 flex-1 flex-col gap-1">
              <AuthenticatorName name={one.name} one={one} onOpen={onOpen} />
            </div>
            {open.map((chain) => (
              <PutLast key={chain.name} chain={chain} name={one.name} />
            ))}
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** A group stays behind everything else. */
const withLast = (steps: Steps, name: string): Steps => {
  const { alone, group } = partsOf(steps);
  return stepsOf({ alone: [...alone, name], group });
};

function PutLast({ chain, name }: { readonly chain: ChainDto; readonly name: string }) {
  const t = useText('authentication');
  const { save, busy } = useChainSteps(chain);
  return (
    <Button
      size="sm"
      busy={busy}
      icon={<Plus aria-hidden className="size-4" />}
      aria-label={t('unused.addNamed', { name, chain: chain.name })}
      onClick={() => save(withLast(chain.steps, name))}
    >
      {t('unused.add', { chain: chain.name })}
    </Button>
  );
}
