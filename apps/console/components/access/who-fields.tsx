'use client';

import { Plus, X } from 'lucide-react';
import { Button, IconButton } from '@/components/ui/button';
import { Field, Input, Select } from '@/components/ui/field';
import { useText } from '@/lib/i18n';
import { type Condition, CONDITION_KINDS, MATCHES, type WhoDraft } from './who';

const CONDITIONS_MAX = 32;
const FIRST: Condition = { kind: 'username', value: '' };

interface WhoFieldsProps {
  readonly who: WhoDraft;
  readonly error: string | undefined;
  readonly onChange: (who: WhoDraft) => void;
}

/** Everybody, or clients that meet all or one of some conditions. */
export function WhoFields({ who, error, onChange }: WhoFieldsProps) {
  const t = useText('access');
  const { match, conditions } = who;
  const put = (next: readonly Condition[]): void => onChange({ match, conditions: next });
  return (
    <div className="flex flex-col gap-2">
      <Field label={t('who')} error={error}>
        {(ids) => (
          <Select
            {...ids}
            value={match}
            onChange={(event) => {
              const next = MATCHES.find((one) => one === event.target.value) ?? 'everyone';
              const kept = conditions.length === 0 ? [FIRST] : conditions;
              onChange({ match: next, conditions: next === 'everyone' ? [] : kept });
            }}
          >
            {MATCHES.map((one) => (
              <option key={one} value={one}>
                {t(`matches.${one}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {conditions.map((condition, index) => (
        <ConditionRow
          // Conditions have no other name than their place.
          key={index}
          condition={condition}
          place={index + 1}
          onChange={(next) => put(conditions.map((one, at) => (at === index ? next : one)))}
          onRemove={conditions.length > 1 ? () => put(conditions.filter((_, at) => at !== index)) : undefined}
        />
      ))}
      {match !== 'everyone' && conditions.length < CONDITIONS_MAX && (
        <div>
          <Button
            size="sm"
            icon={<Plus aria-hidden className="size-4" />}
            onClick={() => put([...conditions, FIRST])}
          >
            {t('addCondition')}
          </Button>
        </div>
      )}
    </div>
  );
}

interface ConditionRowProps {
  readonly condition: Condition;
  /** From 1. */
  readonly place: number;
  readonly onChange: (condition: Condition) => void;
  readonly onRemove: (() => void) | undefined;
}

function ConditionRow({ condition, place, onChange, onRemove }: ConditionRowProps) {
  const t = useText('access');
  const kindLabel = t('conditionKind', { place });
  return (
    <div className="grid grid-cols-[9rem_1fr_auto] items-center gap-2">
      <Select
        aria-label={kindLabel}
        value={condition.kind}
        onChange={(event) => {
          const kind = CONDITION_KINDS.find((one) => one === event.target.value) ?? 'username';
          onChange({ ...condition, kind });
        }}
      >
        {CONDITION_KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {t(`kinds.${kind}`)}
          </option>
        ))}
      </Select>
      <Input
        aria-label={t('conditionValue', { place })}
        className="mono"
        maxLength={1_024}
        value={condition.value}
        placeholder={t(`placeholders.${condition.kind}`)}
        onChange={(event) => onChange({ ...condition, value: event.target.value })}
      />
      {onRemove !== undefined && (
        <IconButton label={t('removeCondition', { place })} onClick={onRemove}>
          <X aria-hidden />
        </IconButton>
      )}
    </div>
  );
}
