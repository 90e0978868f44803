'use client';

import type { AnonymousDto, AuthenticatorDto, ChainDto } from '@gatehouse/contract';
import { CornerDownRight, FlaskConical, Link2, Plus } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Menu, MenuItem } from '@/components/ui/menu';
import { Card } from '@/components/ui/page';
import { useText } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazy-part';
import { useMay } from '@/lib/session';
import { inWords, isSame, namesIn, partsOf, type Steps, stepsOf } from './chain-entries';
import { ChainStep } from './chain-step';
import { GroupStep } from './group-step';
import { LockedBadge } from './locked-badge';
import { moved } from './reorder';
import { RevertButton } from './revert-button';
import { useChainSteps } from './use-authentication-actions';

const DryRunDialog = lazyPart(() => import('./dry-run-dialog').then((module) => module.DryRunDialog));
const GroupDialog = lazyPart(() => import('./group-dialog').then((module) => module.GroupDialog));

interface ChainCardProps {
  readonly chain: ChainDto;
  readonly all: readonly AuthenticatorDto[];
  readonly anonymous: AnonymousDto;
  readonly onOpen: (name: string) => void;
}

/** A chain: its authenticators in the order in which they are asked. */
export function ChainCard({ chain, all, anonymous, onOpen }: ChainCardProps) {
  const t = useText('authentication');
  const { steps, save, busy } = useChainSteps(chain);
  const may = useMay('authentication:write');
  const editable = may && chain.declaredAt === null;
  const [said, setSaid] = useState('');
  const [dragged, setDragged] = useState<string | null>(null);
  const [grouping, setGrouping] = useState(false);
  const [trying, setTrying] = useState(false);
  const { alone, group } = partsOf(steps);
  const { list, keepFocus } = useMovedFocus(alone);
  const putAll = (next: Steps): void => {
    if (!isSame(next, steps)) save(next);
  };
  const put = (next: readonly string[]): void => putAll(stepsOf({ alone: next, group }));
  const move = (name: string, to: number): void => {
    const next = moved(alone, name, to);
    setSaid(t('step.movedTo', { name, place: next.indexOf(name) + 1, count: next.length }));
    put(next);
  };
  return (
    <Card title={t('chain.title', { name: chain.name })} actions={<ChainHead chain={chain} />}>
      <ol ref={list} aria-label={t('chain.steps', { name: chain.name })} aria-busy={busy}>
        {alone.map((name, index) => (
          <ChainStep
            key={name}
            name={name}
            one={all.find((candidate) => candidate.name === name)}
            place={index + 1}
            count={alone.length}
            editable={editable}
            dragged={dragged === name}
            onOpen={onOpen}
            onMove={(to, by) => {
              keepFocus(name, by);
              move(name, to);
            }}
            onDrag={setDragged}
            onDropHere={() => {
              if (dragged !== null && dragged !== name) move(dragged, index);
              setDragged(null);
            }}
            onRemove={() => put(alone.filter((step) => step !== name))}
          />
        ))}
        {group !== undefined && (
          <GroupStep
            group={group}
            all={all}
            place={steps.length}
            editable={editable}
            onOpen={onOpen}
            onEdit={() => setGrouping(true)}
            onRemove={() => putAll([...alone])}
          />
        )}
      </ol>
      {steps.length === 0 && <p className="border-b border-line px-4 py-3 text-muted">{t('chain.empty')}</p>}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5">
        <p className="flex min-w-48 flex-1 items-start gap-2 text-sm text-muted">
          <CornerDownRight aria-hidden className="mt-0.5 size-4 shrink-0" />
          <span>{t(group === undefined ? `chain.then.${anonymous.policy}` : 'chain.thenGroup')}</span>
        </p>
        {editable && (
          <Button
            size="sm"
            icon={<FlaskConical aria-hidden className="size-4" />}
            onClick={() => setTrying(true)}
          >
            {t('dryRun.open')}
          </Button>
        )}
        {editable && (
          <AddStep
            all={all}
            steps={steps}
            onAdd={(name) => put([...alone, name])}
            onRequire={group === undefined ? () => setGrouping(true) : undefined}
          />
        )}
      </div>
      <p role="status" className="sr-only">
        {said}
      </p>
      {trying && (
        <DryRunDialog chain={chain} all={all} anonymous={anonymous} onClose={() => setTrying(false)} />
      )}
      {grouping && (
        <GroupDialog
          group={group}
          free={all.filter((one) => !alone.includes(one.name))}
          onClose={() => setGrouping(false)}
          onSave={(next) => {
            setGrouping(false);
            putAll(stepsOf({ alone, group: next }));
          }}
        />
      )}
    </Card>
  );
}

function ChainHead({ chain }: Pick<ChainCardProps, 'chain'>) {
  const t = useText('authentication');
  return (
    <>
      <span className="text-sm text-muted">
        {chain.listeners.length === 0
          ? t('chain.noListeners')
          : t('chain.listeners', { names: chain.listeners.join(', ') })}
      </span>
      {chain.previous !== null && (
        <RevertButton
          path={`/chains/${encodeURIComponent(chain.name)}`}
          tip={t('revert.chainTip', { steps: inWords(chain.previous) || t('revert.nothing') })}
        />
      )}
      {chain.declaredAt !== null && <LockedBadge at={chain.declaredAt} />}
    </>
  );
}

interface AddStepProps {
  readonly all: readonly AuthenticatorDto[];
  readonly steps: Steps;
  readonly onAdd: (name: string) => void;
  /** Undefined where there is a group already. */
  readonly onRequire: (() => void) | undefined;
}

/** A group takes authenticators that are in no other place of the chain: it needs two of them. */
function AddStep({ all, steps, onAdd, onRequire }: AddStepProps) {
  const t = useText('authentication');
  const named = namesIn(steps);
  const left = all.filter((one) => !named.includes(one.name));
  if (left.length === 0) return <span className="text-sm text-faint">{t('chain.allIn')}</span>;
  return (
    <Menu
      trigger={
        <Button size="sm" icon={<Plus aria-hidden className="size-4" />}>
          {t('chain.addStep')}
        </Button>
      }
    >
      {left.map((one) => (
        <MenuItem key={one.name} hint={one.type} onSelect={() => onAdd(one.name)}>
          {one.name}
        </MenuItem>
      ))}
      {onRequire !== undefined && left.length > 1 && (
        <MenuItem icon={<Link2 aria-hidden />} onSelect={onRequire}>
          {t('required.add')}
        </MenuItem>
      )}
    </Menu>
  );
}

/** A row that moves loses the focus that was in it: the button that moved it gets it back. */
function useMovedFocus(steps: readonly string[]) {
  const list = useRef<HTMLOListElement>(null);
  const wanted = useRef<string | null>(null);
  const order = steps.join(' ');
  useEffect(() => {
    if (wanted.current === null) return;
    list.current?.querySelector<HTMLElement>(`[data-move="${wanted.current}"]`)?.focus();
    wanted.current = null;
  }, [order]);
  return {
    list,
    keepFocus: (name: string, by: 'up' | 'down') => {
      wanted.current = `${name} ${by}`;
    },
  };
}
