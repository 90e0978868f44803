'use client';

import type { AccessRuleDto, AccessRulesPageDto } from '@gatehouse/contract';
import { CircleCheck, CircleX, CornerDownRight, UserRound } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { LockedBadge } from '@/components/authentication/locked-badge';
import { Card } from '@/components/ui/page';
import { useFormat, useText } from '@/lib/i18n';
import { RuleRow } from './rule-row';
import { useRuleActions } from './use-rule-actions';
import { type MovePlace, nextPlace } from './who';

interface RuleListProps {
  /** Undefined: not there yet. */
  readonly page: AccessRulesPageDto | undefined;
  readonly editable: boolean;
  readonly onEdit: (rule: AccessRuleDto) => void;
}

/** The rules in the order in which they are asked, the client's own in their middle, the default at the end. */
export function RuleList({ page, editable, onEdit }: RuleListProps) {
  const { formatNumber } = useFormat();
  const t = useText('access');
  const { move, remove, busy } = useRuleActions();
  const [said, setSaid] = useState('');
  const [dragged, setDragged] = useState<AccessRuleDto | null>(null);
  const rules = page?.items ?? [];
  const { list, keepFocus } = useMovedFocus(rules);
  const before = rules.filter(({ phase }) => phase === 'before');
  const after = rules.filter(({ phase }) => phase === 'after');
  const counts = { before: before.length, after: after.length };
  const put = (rule: AccessRuleDto, place: MovePlace): void => {
    setSaid(t('movedTo', { phase: t(`phases.${place.phase}`), place: place.index + 1 }));
    move(rule, place);
  };
  const drop = (place: MovePlace): void => {
    if (dragged !== null && (dragged.phase !== place.phase || dragged.index !== place.index))
      put(dragged, place);
    setDragged(null);
  };
  const rowOf = (rule: AccessRuleDto) => (
    <RuleRow
      key={rule.id}
      rule={rule}
      editable={editable}
      dragged={dragged?.id === rule.id}
      canMove={(by) => nextPlace(rule, by, counts) !== undefined}
      onMove={(by) => {
        const place = nextPlace(rule, by, counts);
        if (place === undefined) return;
        keepFocus(rule.id, by);
        put(rule, place);
      }}
      onDrag={(active) => setDragged(active ? rule : null)}
      onDropHere={() => drop({ phase: rule.phase, index: rule.index })}
      onEdit={() => onEdit(rule)}
      onRemove={() => remove(rule)}
    />
  );
  return (
    <Card
      title={t('rules')}
      actions={
        <>
          <span className="text-sm text-muted">{t('count', { count: page?.total ?? 0 })}</span>
          {page !== undefined && page.declaredAt !== null && <LockedBadge at={page.declaredAt} />}
        </>
      }
    >
      <ol ref={list} aria-label={t('rules')} aria-busy={busy || page === undefined}>
        {page === undefined && <SkeletonRule />}
        {page !== undefined && before.length === 0 && <EmptyPhase>{t('emptyBefore')}</EmptyPhase>}
        {before.map(rowOf)}
        <OwnRules onDropHere={() => drop({ phase: 'after', index: 0 })} />
        {page !== undefined && after.length === 0 && <EmptyPhase>{t('emptyAfter')}</EmptyPhase>}
        {after.map(rowOf)}
      </ol>
      {page !== undefined && page.total > rules.length && (
        <p className="border-b border-line px-4 py-2 text-sm text-muted">
          {t('moreRules', { shown: formatNumber(rules.length), total: formatNumber(page.total) })}
        </p>
      )}
      <Default page={page} />
      <p role="status" className="sr-only">
        {said}
      </p>
    </Card>
  );
}

/** Where the rules of the client's credential or source come in. */
function OwnRules({ onDropHere }: { readonly onDropHere: () => void }) {
  const t = useText('access');
  return (
    <li
      className="flex items-start gap-2 border-b border-line bg-sunken px-4 py-2 text-sm text-muted"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        onDropHere();
      }}
    >
      <UserRound aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span>{t('ownRules')}</span>
    </li>
  );
}

function EmptyPhase({ children }: { readonly children: string }) {
  return <li className="border-b border-line px-4 py-2.5 text-sm text-faint">{children}</li>;
}

function SkeletonRule() {
  const common = useText('common');
  return <li className="border-b border-line px-4 py-3 text-sm text-faint">{common('loading')}</li>;
}

/** The last word, always there. */
function Default({ page }: { readonly page: AccessRulesPageDto | undefined }) {
  const t = useText('access');
  if (page === undefined) return null;
  const Icon = page.noMatch === 'deny' ? CircleX : CircleCheck;
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1 px-4 py-2.5 text-sm">
      <CornerDownRight aria-hidden className="size-4 shrink-0 text-muted" />
      <Icon
        aria-hidden
        className={`size-4 shrink-0 ${page.noMatch === 'deny' ? 'text-refused' : 'text-accepted'}`}
      />
      <span>{t(`noMatch.${page.noMatch}`)}</span>
      <span className="text-muted">{t(`denyAction.${page.denyAction}`)}</span>
    </p>
  );
}

/** A row that moves loses the focus that was in it: the button that moved it gets it back. */
function useMovedFocus(rules: readonly AccessRuleDto[]) {
  const list = useRef<HTMLOListElement>(null);
  const wanted = useRef<string | null>(null);
  const order = rules.map(({ id, phase }) => `${id} ${phase}`).join(' ');
  useEffect(() => {
    if (wanted.current === null) return;
    list.current?.querySelector<HTMLElement>(`[data-move="${wanted.current}"]`)?.focus();
    wanted.current = null;
  }, [order]);
  return {
    list,
    keepFocus: (id: string, by: 'up' | 'down') => {
      wanted.current = `${id} ${by}`;
    },
  };
}
