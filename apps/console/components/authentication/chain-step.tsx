'use client';

import type { AuthenticatorDto } from '@gatehouse/contract';
import { ArrowDown, ArrowUp, GripVertical, X } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '@/components/ui/button';
import { cx } from '@/lib/cx';
import { useText } from '@/lib/i18n';
import { AuthenticatorName } from './authenticator-name';
import { BackendBadges } from './backend-badges';
import { EnabledSwitch } from './enabled-switch';
import { StepStats } from './step-stats';

interface ChainStepProps {
  readonly name: string;
  /** Undefined while the list of authenticators lags behind the chain. */
  readonly one: AuthenticatorDto | undefined;
  /** From 1. */
  readonly place: number;
  readonly count: number;
  readonly editable: boolean;
  readonly dragged: boolean;
  readonly onOpen: (name: string) => void;
  /** To a place from 0, by which button. */
  readonly onMove: (to: number, by: 'up' | 'down') => void;
  readonly onDrag: (name: string | null) => void;
  readonly onDropHere: () => void;
  readonly onRemove: () => void;
}

/** One authenticator at its place in a chain: how it does, and whether it is asked. */
export function ChainStep(props: ChainStepProps) {
  const { name, one, place, editable, dragged, onOpen, onDrag, onDropHere } = props;
  const [over, setOver] = useState(false);
  return (
    <li
      data-step={name}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onDropHere();
      }}
      className={cx(
        'grid grid-cols-[auto_1fr] items-start gap-x-3 gap-y-2 border-b border-line px-3 py-2.5 md:grid-cols-[auto_minmax(12rem,1fr)_minmax(0,2fr)_9.5rem] md:items-center',
        dragged && 'opacity-50',
        over && !dragged && 'bg-accent-soft',
      )}
    >
      <div
        className={cx('flex items-center gap-1 pt-0.5 md:pt-0', editable && 'cursor-grab')}
        draggable={editable}
        onDragStart={(event) => {
          event.dataTransfer.effectAllowed = 'move';
          event.dataTransfer.setData('text/plain', name);
          onDrag(name);
        }}
        onDragEnd={() => onDrag(null)}
      >
        <GripVertical aria-hidden className={cx('size-4 text-faint', !editable && 'invisible')} />
        <span className="nums w-5 text-right text-sm text-muted">{place}</span>
      </div>
      <div className="flex min-w-0 flex-col gap-1">
        <AuthenticatorName name={name} one={one} onOpen={onOpen} />
        {one !== undefined && <BackendBadges one={one} />}
      </div>
      <div className="col-start-2 min-w-0 md:col-start-auto">
        {one !== undefined && <StepStats stats={one.stats} />}
      </div>
      <div className="col-start-2 flex items-center gap-1 md:col-start-auto md:justify-end">
        {one !== undefined && <EnabledSwitch one={one} />}
        <StepButtons {...props} />
      </div>
    </li>
  );
}

/** Buttons at an end stay focusable: who moves a step by keyboard must not lose the place at the top. */
function StepButtons({ name, place, count, editable, onMove, onRemove }: ChainStepProps) {
  const t = useText('authentication');
  if (!editable) return null;
  const isFirst = place === 1;
  const isLast = place === count;
  return (
    <>
      <IconButton
        label={t('step.up', { name })}
        data-move={`${name} up`}
        aria-disabled={isFirst}
        className="aria-disabled:opacity-40"
        onClick={() => {
          if (!isFirst) onMove(place - 2, 'up');
        }}
      >
        <ArrowUp aria-hidden />
      </IconButton>
      <IconButton
        label={t('step.down', { name })}
        data-move={`${name} down`}
        aria-disabled={isLast}
        className="aria-disabled:opacity-40"
        onClick={() => {
          if (!isLast) onMove(place, 'down');
        }}
      >
        <ArrowDown aria-hidden />
      </IconButton>
      <IconButton label={t('step.remove', { name })} onClick={onRemove}>
        <X aria-hidden />
      </IconButton>
    </>
  );
}
