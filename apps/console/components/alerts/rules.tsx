'use client';

import type { AlertConditionDto, AlertRuleDto, AlertSilenceDto } from '@gatehouse/contract';
import { BellOff, BellRing, Plus, SlidersHorizontal, Trash2, Volume2 } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Badge } from '@/components/ui/badge';
import { Button, IconButton } from '@/components/ui/button';
import { Confirm } from '@/components/ui/confirm';
import { ErrorState, State } from '@/components/ui/states';
import { ActionsHeader, Table, TableHead, TableRows, td, th, tr } from '@/components/ui/table';
import { showToast } from '@/components/ui/toast';
import { Switch } from '@/components/ui/toggle';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { api } from '@/lib/api';
import { cx } from '@/lib/cx';
import { alertRulesResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { useMay } from '@/lib/session';
import { useAction } from '@/lib/use-action';
import { useResource } from '@/lib/use-resource';
import { ALERT_KINDS, conditionWords, STALE } from './words';

const RuleDialog = dynamic(() => import('./rule-dialog').then((module) => module.RuleDialog), { ssr: false });

const REFRESH_MS = 10_000;
const COLUMNS = ['state', 'name', 'condition'] as const;
const SILENCE_MINUTES = 60;
type Kind = AlertConditionDto['kind'];

/** The rules; where there is none, presets to begin with. */
export function Rules() {
  const t = useText('alerts');
  const mayWrite = useMay('alerts:write');
  const [adding, setAdding] = useState<Kind | null>(null);
  const list = useResource(alertRulesResource, { refetchInterval: REFRESH_MS });
  const items = list.data?.items;
  return (
    <section aria-labelledby="alert-rules" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-end justify-between gap-2">
        <h2 id="alert-rules" className="text-lg font-semibold">
          {t('rules')}
        </h2>
        {mayWrite && items !== undefined && items.length > 0 && (
          <Button icon={<Plus aria-hidden className="size-4" />} onClick={() => setAdding('refusalRate')}>
            {t('newRule')}
          </Button>
        )}
      </div>
      <div className="card min-w-0 overflow-hidden">
        {list.isError && items === undefined ? (
          <ErrorState error={list.error} onRetry={() => void list.refetch()} />
        ) : items?.length === 0 ? (
          <Presets onChoose={mayWrite ? setAdding : undefined} />
        ) : (
          <Table label={t('rules')}>
            <TableHead>
              {COLUMNS.map((column) => (
                <th key={column} scope="col" className={th}>
                  {t(column)}
                </th>
              ))}
              <ActionsHeader />
            </TableHead>
            <TableRows rows={items} columns={COLUMNS.length + 1}>
              {(rule) => <Row key={rule.id} rule={rule} mayWrite={mayWrite} />}
            </TableRows>
          </Table>
        )}
      </div>
      {adding !== null && <RuleDialog kind={adding} onClose={() => setAdding(null)} />}
    </section>
  );
}

function Presets({ onChoose }: { readonly onChoose: ((kind: Kind) => void) | undefined }) {
  const t = useText('alerts');
  return (
    <State
      icon={<SlidersHorizontal aria-hidden />}
      title={t('noRules')}
      actions={
        onChoose !== undefined &&
        ALERT_KINDS.map((kind) => (
          <Button key={kind} onClick={() => onChoose(kind)}>
            {t(`kinds.${kind}`)}
          </Button>
        ))
      }
    >
      {onChoose !== undefined && t('noRulesHint')}
    </State>
  );
}

function Row({ rule, mayWrite }: { readonly rule: AlertRuleDto; readonly mayWrite: boolean }) {
  const t = useText('alerts');
  const toggle = useAction(
    (enabled: boolean) =>
      api.patch<AlertRuleDto>(`/alert-rules/${rule.id}`, { enabled }, { version: rule.version }),
    { stale: STALE },
  );
  return (
    <tr className={tr}>
      <td className={td}>
        <span className="flex items-center gap-2">
          <Switch
            checked={rule.enabled}
            label={t('switch', { name: rule.name })}
            disabled={!mayWrite || toggle.isPending}
            onChange={(enabled) => toggle.mutate(enabled)}
          />
          {rule.firing && (
            <Badge tone="refused" icon={<BellRing aria-hidden />}>
              {t('firing')}
            </Badge>
          )}
          {rule.silencedUntil !== null && <Badge icon={<BellOff aria-hidden />}>{t('silenced')}</Badge>}
        </span>
      </td>
      <td className={cx(td, 'max-w-64 truncate font-medium')}>
        <VisibleSentence text={rule.name} />
      </td>
      <td className={td}>{conditionWords(t, rule.condition)}</td>
      <td className={cx(td, 'text-end whitespace-nowrap')}>
        <RowActions rule={rule} mayWrite={mayWrite} />
      </td>
    </tr>
  );
}

function RowActions({ rule, mayWrite }: { readonly rule: AlertRuleDto; readonly mayWrite: boolean }) {
  const t = useText('alerts');
  const common = useText('common');
  const maySilence = useMay('alerts:silence');
  const [asking, setAsking] = useState(false);
  const { name } = rule;
  const isSilenced = rule.silencedUntil !== null;
  const silence = useAction(() => (isSilenced ? endSilences(rule.id) : beginSilence(rule.id)), {
    stale: STALE,
    onDone: () => showToast({ tone: 'good', text: t(isSilenced ? 'unsilencedDone' : 'silencedDone') }),
  });
  const remove = useAction(() => api.delete(`/alert-rules/${rule.id}`), {
    stale: STALE,
    onDone: () => showToast({ tone: 'good', text: t('removed') }),
  });
  return (
    <span className="inline-flex items-center">
      {maySilence && (
        <IconButton
          label={t(isSilenced ? 'unsilence' : 'silence', { name })}
          disabled={silence.isPending}
          onClick={() => silence.mutate(undefined)}
        >
          {isSilenced ? <Volume2 aria-hidden /> : <BellOff aria-hidden />}
        </IconButton>
      )}
      {mayWrite && (
        <IconButton label={t('removeRow', { name })} onClick={() => setAsking(true)}>
          <Trash2 aria-hidden />
        </IconButton>
      )}
      <Confirm
        open={asking}
        title={t('removeTitle', { name })}
        confirmLabel={common('delete')}
        busy={remove.isPending}
        onConfirm={() => remove.mutate(undefined)}
        onClose={() => setAsking(false)}
      >
        {t('removeRule')}
      </Confirm>
    </span>
  );
}

const beginSilence = async (ruleId: string): Promise<void> => {
  await api.post<AlertSilenceDto>('/alert-silences', { ruleId, minutes: SILENCE_MINUTES });
};

/** Those of this rule alone: one of all rules is not one row's to end. */
const endSilences = async (ruleId: string): Promise<void> => {
  const { items } = await api.get<{ readonly items: readonly AlertSilenceDto[] }>('/alert-silences');
  await Promise.all(
    items.filter((one) => one.ruleId === ruleId).map(({ id }) => api.delete(`/alert-silences/${id}`)),
  );
};
