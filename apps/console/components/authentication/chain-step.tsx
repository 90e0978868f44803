'use client';

import type { AuthenticatorDto } from '@gatehouse/contract';
import { ArrowDown, ArrowUp, X } from 'lucide-react';
import { DragRow } from '@/components/ui/drag-row';
import { IconButton } from '@/components/ui/button';
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
  return (
    <DragRow
      data-step={name}
      id={name}
      place={place}
      editable={editable}
      dragged={dragged}
      className="gap-y-2 py-2.5 md:grid-cols-[auto_minmax(12rem,1fr)_minmax(0,2fr)_9.5rem]"
      onDrag={(active) => onDrag(active ? name : null)}
      onDropHere={onDropHere}
    >
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
    </DragRow>
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
