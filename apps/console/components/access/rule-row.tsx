'use client';

import type { AccessRuleDto } from '@gatehouse/contract';
import { ArrowDown, ArrowUp, CircleCheck, CircleX, Pencil, Trash2 } from 'lucide-react';
import { DragRow } from '@/components/ui/drag-row';
import { Badge } from '@/components/ui/badge';
import { IconButton } from '@/components/ui/button';
import { ClientText } from '@/components/ui/client-text';
import { VisibleSentence } from '@/components/ui/visible-sentence';
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
  return (
    <DragRow
      data-rule={rule.id}
      id={rule.id}
      place={rule.index + 1}
      editable={editable}
      dragged={dragged}
      className="gap-y-1.5 py-2 md:grid-cols-[auto_6rem_minmax(0,1fr)_auto]"
      onDrag={onDrag}
      onDropHere={onDropHere}
    >
      <div>
        <PermissionBadge permission={rule.permission} />
      </div>
      <RuleText rule={rule} />
      {editable && <RuleButtons {...props} />}
    </DragRow>
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
