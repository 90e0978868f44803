'use client';

import type { AccessRuleDto } from '@gatehouse/contract';
import { Fragment } from 'react';
import { ClientText } from '@/components/ui/client-text';
import { useText } from '@/lib/i18n';
import { conditionOf } from './who';

type Who = AccessRuleDto['who'];
type One = Exclude<Who, 'all'>;

/** Whom a rule is about, as a sentence has it. */
export function WhoText({ who }: { readonly who: Who }) {
  const t = useText('access');
  if (who === 'all') return <span>{t('everyone')}</span>;
  return <Joined who={who} />;
}

function Joined({ who }: { readonly who: One }) {
  const t = useText('access');
  if ('or' in who) return <List items={who.or} joint={t('or')} />;
  if ('and' in who) return <List items={who.and} joint={t('and')} />;
  const condition = conditionOf(who);
  if (condition === undefined) return null;
  return (
    <span className="inline-flex min-w-0 items-baseline gap-1">
      <span className="text-muted">{t(`kinds.${condition.kind}`)}</span>
      <span className="mono min-w-0">
        <ClientText text={condition.value} />
      </span>
    </span>
  );
}

function List({ items, joint }: { readonly items: readonly One[]; readonly joint: string }) {
  return items.map((item, index) => (
    <Fragment key={JSON.stringify(item)}>
      {index > 0 && <span className="text-muted">{joint}</span>}
      <Joined who={item} />
    </Fragment>
  ));
}
