'use client';

import type { AuthenticatorDto } from '@gatehouse/contract';
import { ArrowDown, ArrowUp, Minus, Plus } from 'lucide-react';
import { Button, IconButton } from '@/components/ui/button';
import { useText } from '@/lib/i18n';
import type { Group } from './chain-entries';
import { moved } from './reorder';

interface DraftStepsProps {
  readonly all: readonly AuthenticatorDto[];
  /** Stays at the end as it is. */
  readonly group: Group | undefined;
  readonly alone: readonly string[];
  readonly onChange: (alone: readonly string[]) => void;
}

/** The order of a draft: nothing is saved by it. */
export function DraftSteps({ all, group, alone, onChange }: DraftStepsProps) {
  const t = useText('authentication');
  const taken = [...alone, ...(group?.require ?? [])];
  const left = all.filter(({ name }) => !taken.includes(name));
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 text-sm font-medium">{t('dryRun.draft')}</legend>
      <ol className="divide-y divide-line rounded-md border border-line empty:hidden">
        {alone.map((name, index) => (
          <li key={name} className="flex min-h-9 items-center gap-2 px-3 text-sm">
            <span className="nums text-muted">{index + 1}</span>
            <span className="mono min-w-0 flex-1 truncate">{name}</span>
            <IconButton
              label={t('step.up', { name })}
              disabled={index === 0}
              onClick={() => onChange(moved(alone, name, index - 1))}
            >
              <ArrowUp aria-hidden />
            </IconButton>
            <IconButton
              label={t('step.down', { name })}
              disabled={index === alone.length - 1}
              onClick={() => onChange(moved(alone, name, index + 1))}
            >
              <ArrowDown aria-hidden />
            </IconButton>
            <IconButton
              label={t('step.remove', { name })}
              onClick={() => onChange(alone.filter((one) => one !== name))}
            >
              <Minus aria-hidden />
            </IconButton>
          </li>
        ))}
        {group !== undefined && (
          <li className="mono flex min-h-9 items-center px-3 text-sm text-muted">
            {group.require.join(' + ')}
          </li>
        )}
      </ol>
      {alone.length === 0 && group === undefined && <p className="text-sm text-muted">{t('chain.empty')}</p>}
      <div className="flex flex-wrap gap-2 empty:hidden">
        {left.map(({ name }) => (
          <Button
            key={name}
            size="sm"
            icon={<Plus aria-hidden className="size-3.5" />}
            onClick={() => onChange([...alone, name])}
          >
            {name}
          </Button>
        ))}
      </div>
    </fieldset>
  );
}
