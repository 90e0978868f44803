'use client';

import type { AccessRuleDto } from '@gatehouse/contract';
import { ArrowDown, ArrowUp, CircleCheck, CircleX, GripVertical, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Badge } from '@/components/ui/badge';
import { IconButton } from '@/components/ui/button';
import { ClientText } from '@/components/ui/client-text';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { cx } from '@/lib/cx';
import { useText } from '@/lib/i18n';
import { WhoText } from './who-text';

interface RuleRowProps {
  readonly rule: AccessRuleDto;
  readonly editable: boolean;
  readonly dragged: boolean;
  readonly canMove: (by: 'up' | 'down') => boolean;
  readonly onMove: (by: 'up' | 'down') => void;
  readonly onDrag: (active: boolean) => void;
  readonly onDropHere: () => void;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

/** One rule at its place: what it does, to whom, about what. */
export function RuleRow(props: RuleRowProps) {
  const { rule, editable, dragged, onDrag, onDropHere } = props;
  const [over, setOver] = useState(false);
  return (
    <li
      data-rule={rule.id}
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
        'grid grid-cols-[auto_1fr] items-start gap-x-3 gap-y-1.5 border-b border-line px-3 py-2 md:grid-cols-[auto_6rem_minmax(0,1fr)_auto] md:items-center',
        dragged && 'opacity-50',
        over && !dragged && 'bg-accent-soft',
      )}
    >
      <div
        className={cx('flex items-center gap-1', editable && 'cursor-grab')}
        draggable={editable}
        onDragStart={(event) => {
          event.dataTransfer.effectAllowed = 'move';
          event.dataTransfer.setData('text/plain', rule.id);
          onDrag(true);
        }}
        onDragEnd={() => onDrag(false)}
      >
        <GripVertical aria-hidden className={cx('size-4 text-faint', !editable && 'invisible')} />
        <span className="nums w-5 text-right text-sm text-muted">{rule.index + 1}</span>
      </div>
      <div>
        <PermissionBadge permission={rule.permission} />
      </div>
      <RuleText rule={rule} />
      {editable && <RuleButtons {...props} />}
    </li>
  );
}

function PermissionBadge({ permission }: Pick<AccessRuleDto, 'permission'>) {
  const t = useText('access');
  const Icon = permission === 'allow' ? CircleCheck : CircleX;
  return (
    <Badge tone={permission === 'allow' ? 'accepted' : 'refused'} icon={<Icon aria-hidden />}>
      {t(`permissions.${permission}`)}
    </Badge>
  );
}

/** What a rule says: who, what, and the topics. */
function RuleText({ rule }: Pick<RuleRowProps, 'rule'>) {
  const t = useText('access');
  return (
    <div className="col-start-2 flex min-w-0 flex-col gap-1 md:col-start-auto">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <WhoText who={rule.who} />
        <span className="text-muted">{t(`actions.${rule.action}`)}</span>
        {rule.topics.map((topic) => (
          <code key={topic} className="mono max-w-full rounded-sm bg-sunken px-1">
            <ClientText text={topic} />
          </code>
        ))}
        {rule.qos !== null && <Badge>{t('qosOnly', { qos: rule.qos.join(', ') })}</Badge>}
        {rule.retain !== null && <Badge>{t(rule.retain ? 'retainOnly' : 'noRetainOnly')}</Badge>}
      </div>
      {rule.comment !== '' && (
        <p className="truncate text-xs text-muted">
          <VisibleSentence text={rule.comment} />
        </p>
      )}
    </div>
  );
}

/** Buttons at an end stay focusable: who moves a rule by keyboard must not lose the place at the top. */
function RuleButtons({ rule, canMove, onMove, onEdit, onRemove }: RuleRowProps) {
  const t = useText('access');
  const name = rule.topics[0] ?? '';
  return (
    <div className="col-start-2 flex items-center md:col-start-auto">
      {(['up', 'down'] as const).map((by) => (
        <IconButton
          key={by}
          label={t(by, { name })}
          data-move={`${rule.id} ${by}`}
          aria-disabled={!canMove(by)}
          className="aria-disabled:opacity-40"
          onClick={() => onMove(by)}
        >
          {by === 'up' ? <ArrowUp aria-hidden /> : <ArrowDown aria-hidden />}
        </IconButton>
      ))}
      <IconButton label={t('editRule', { name })} onClick={onEdit}>
        <Pencil aria-hidden />
      </IconButton>
      <IconButton label={t('removeRule', { name })} onClick={onRemove}>
        <Trash2 aria-hidden />
      </IconButton>
    </div>
  );
}
