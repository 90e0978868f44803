'use client';

import type { AclRuleDto } from '@gatehouse/contract';
import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react';
import { useId } from 'react';
import { Button, IconButton } from '@/components/ui/button';
import { Input, Select } from '@/components/ui/field';
import { useText } from '@/lib/i18n';

const RULES_MAX = 200;

interface RulesEditorProps {
  readonly rules: readonly AclRuleDto[];
  readonly disabled?: boolean;
  readonly errorOf?: (path: string) => string | undefined;
  readonly onChange: (rules: readonly AclRuleDto[]) => void;
}

/** What the client may publish and subscribe to. The first rule that fits decides; nothing that fits: refused. */
export function RulesEditor({ rules, disabled = false, errorOf, onChange }: RulesEditorProps) {
  const t = useText('credentials');
  const id = useId();
  const replace = (index: number, change: Partial<AclRuleDto>): void =>
    onChange(rules.map((rule, at) => (at === index ? { ...rule, ...change } : rule)));
  const move = (index: number, by: -1 | 1): void => {
    const next = [...rules];
    const [rule] = next.splice(index, 1);
    if (rule !== undefined) next.splice(index + by, 0, rule);
    onChange(next);
  };
  return (
    <div className="flex flex-col gap-2">
      <ol className="flex flex-col gap-2">
        {rules.map((rule, index) => (
          <li key={index} className="flex flex-col gap-1">
            <div className="flex flex-wrap items-center gap-1.5 sm:flex-nowrap">
              <RuleFields
                rule={rule}
                disabled={disabled}
                described={errorOf?.(`rules.${index}.topic`) && `${id}-${index}`}
                onChange={(change) => replace(index, change)}
              />
              <RuleButtons
                isFirst={index === 0}
                isLast={index === rules.length - 1}
                disabled={disabled}
                onMove={(by) => move(index, by)}
                onRemove={() => onChange(rules.filter((_, at) => at !== index))}
              />
            </div>
            <RuleError id={`${id}-${index}`} text={errorOf?.(`rules.${index}.topic`)} />
          </li>
        ))}
      </ol>
      <p className="text-xs text-muted">{rules.length === 0 ? t('rules.empty') : t('rules.hint')}</p>
      {!disabled && rules.length < RULES_MAX && (
        <Button
          size="sm"
          className="self-start"
          icon={<Plus aria-hidden className="size-4" />}
          onClick={() => onChange([...rules, { permission: 'allow', action: 'all', topic: '' }])}
        >
          {t('rules.add')}
        </Button>
      )}
    </div>
  );
}

interface RuleFieldsProps {
  readonly rule: AclRuleDto;
  readonly disabled: boolean;
  /** Id of what is said against its topic. */
  readonly described: string | undefined;
  readonly onChange: (change: Partial<AclRuleDto>) => void;
}

/** What one rule says: allow or deny, which action, which topics. */
function RuleFields({ rule, disabled, described, onChange }: RuleFieldsProps) {
  const t = useText('credentials');
  return (
    <>
      <Select
        aria-label={t('rules.permission')}
        disabled={disabled}
        value={rule.permission}
        onChange={(event) => onChange({ permission: event.target.value === 'deny' ? 'deny' : 'allow' })}
        className="w-24 shrink-0"
      >
        <option value="allow">{t('rules.allow')}</option>
        <option value="deny">{t('rules.deny')}</option>
      </Select>
      <Select
        aria-label={t('rules.action')}
        disabled={disabled}
        value={rule.action}
        onChange={(event) => onChange({ action: actionFrom(event.target.value) })}
        className="w-52 shrink-0"
      >
        <option value="all">{t('rules.all')}</option>
        <option value="publish">{t('rules.publish')}</option>
        <option value="subscribe">{t('rules.subscribe')}</option>
      </Select>
      <Input
        aria-label={t('rules.topic')}
        aria-describedby={described}
        aria-invalid={described !== undefined}
        disabled={disabled}
        value={rule.topic}
        required
        maxLength={1024}
        placeholder="sensors/%c/#"
        onChange={(event) => onChange({ topic: event.target.value })}
        className="mono"
      />
    </>
  );
}

interface RuleButtonsProps {
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly disabled: boolean;
  readonly onMove: (by: -1 | 1) => void;
  readonly onRemove: () => void;
}

function RuleButtons({ isFirst, isLast, disabled, onMove, onRemove }: RuleButtonsProps) {
  const t = useText('credentials');
  return (
    <span className="flex shrink-0">
      <IconButton label={t('rules.up')} disabled={disabled || isFirst} onClick={() => onMove(-1)}>
        <ArrowUp aria-hidden />
      </IconButton>
      <IconButton label={t('rules.down')} disabled={disabled || isLast} onClick={() => onMove(1)}>
        <ArrowDown aria-hidden />
      </IconButton>
      <IconButton label={t('rules.remove')} disabled={disabled} onClick={onRemove}>
        <Trash2 aria-hidden />
      </IconButton>
    </span>
  );
}

const actionFrom = (text: string): AclRuleDto['action'] =>
  text === 'publish' || text === 'subscribe' ? text : 'all';

const RuleError = ({ id, text }: { readonly id: string; readonly text: string | undefined }) =>
  text === undefined ? null : (
    <p id={id} role="alert" className="text-xs text-refused">
      {text}
    </p>
  );
