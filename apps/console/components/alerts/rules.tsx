'use client';

import type { AlertRuleDto, AlertSilenceDto } from '@gatehouse/contract';
import { BellOff, BellRing, Pencil, Plus, SlidersHorizontal, Volume2 } from 'lucide-react';
import { useState } from 'react';
import { Badge } from '@/components/ui/badge';
import { Button, IconButton } from '@/components/ui/button';
import { State } from '@/components/ui/states';
import { actionsTd, td, tr } from '@/components/ui/table';
import { showToast } from '@/components/ui/toast';
import { Switch } from '@/components/ui/toggle';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { api } from '@/lib/api';
import { cx } from '@/lib/cx';
import { alertRulesResource, alertSilencesResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazy-part';
import { useMay } from '@/lib/session';
import { useAction } from '@/lib/use-action';
import { useResource } from '@/lib/use-resource';
import { RemoveButton } from './remove-button';
import { ALERT_KINDS, type AlertKind } from './rule-draft';
import { SetupSection } from './setup-section';
import { conditionWords, STALE } from './words';

const RuleDialog = lazyPart(() => import('./rule-dialog').then((module) => module.RuleDialog));

const REFRESH_MS = 10_000;
const COLUMNS = ['state', 'name', 'condition'] as const;
const SILENCE_MINUTES = 60;

/** The rules; where there is none, presets to begin with. */
export function Rules() {
  const t = useText('alerts');
  const mayWrite = useMay('alerts:write');
  const [open, setOpen] = useState<AlertRuleDto | AlertKind | null>(null);
  const list = useResource(alertRulesResource, { refetchInterval: REFRESH_MS });
  return (
    <SetupSection
      id="alert-rules"
      title={t('rules')}
      columns={COLUMNS}
      list={list}
      actions={
        <>
          <SilenceAll />
          {mayWrite && (
            <Button icon={<Plus aria-hidden className="size-4" />} onClick={() => setOpen('refusalRate')}>
              {t('newRule')}
            </Button>
          )}
        </>
      }
      empty={<Presets onChoose={mayWrite ? setOpen : undefined} />}
      row={(rule) => <Row key={rule.id} rule={rule} onEdit={mayWrite ? setOpen : undefined} />}
    >
      {open !== null && <RuleDialog from={open} onClose={() => setOpen(null)} />}
    </SetupSection>
  );
}

/** One silence over all rules, begun and ended with one click. */
function SilenceAll() {
  const t = useText('alerts');
  const maySilence = useMay('alerts:silence');
  const silences = useResource(alertSilencesResource, { refetchInterval: REFRESH_MS }).data?.items;
  const isSilenced = silences?.some(({ ruleId }) => ruleId === null) === true;
  const silence = useSilence(null, isSilenced);
  if (!maySilence || silences === undefined) return null;
  const Icon = isSilenced ? Volume2 : BellOff;
  return (
    <Button
      icon={<Icon aria-hidden className="size-4" />}
      busy={silence.isPending}
      onClick={() => silence.mutate(undefined)}
    >
      {t(isSilenced ? 'unsilenceAll' : 'silenceAll')}
    </Button>
  );
}

/** Begins or ends the silence of one rule, or (null) of all. */
function useSilence(ruleId: string | null, isSilenced: boolean) {
  const t = useText('alerts');
  return useAction(() => (isSilenced ? endSilences(ruleId) : beginSilence(ruleId)), {
    stale: STALE,
    onDone: () => showToast({ tone: 'good', text: t(isSilenced ? 'unsilencedDone' : 'silencedDone') }),
  });
}

function Presets({ onChoose }: { readonly onChoose: ((kind: AlertKind) => void) | undefined }) {
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

interface RowProps {
  readonly rule: AlertRuleDto;
  /** Absent: whoever looks may not change it. */
  readonly onEdit: ((rule: AlertRuleDto) => void) | undefined;
}

function Row({ rule, onEdit }: RowProps) {
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
            disabled={onEdit === undefined || toggle.isPending}
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
      <td className={actionsTd}>
        <RowActions rule={rule} onEdit={onEdit} />
      </td>
    </tr>
  );
}

function RowActions({ rule, onEdit }: RowProps) {
  const t = useText('alerts');
  const maySilence = useMay('alerts:silence');
  const { id, name } = rule;
  const isSilenced = rule.silencedUntil !== null;
  const silence = useSilence(id, isSilenced);
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
      {onEdit !== undefined && (
        <>
          <IconButton label={t('editRow', { name })} onClick={() => onEdit(rule)}>
            <Pencil aria-hidden />
          </IconButton>
          <RemoveButton name={name} path={`/alert-rules/${id}`} hint={t('removeRule')} />
        </>
      )}
    </span>
  );
}

const beginSilence = async (ruleId: string | null): Promise<void> => {
  await api.post<AlertSilenceDto>('/alert-silences', { ruleId, minutes: SILENCE_MINUTES });
};

/** Those of this rule alone, or those of all rules alone: one of all is not one row's to end. */
const endSilences = async (ruleId: string | null): Promise<void> => {
  const { items } = await api.get<{ readonly items: readonly AlertSilenceDto[] }>('/alert-silences');
  await Promise.all(
    items.filter((one) => one.ruleId === ruleId).map(({ id }) => api.delete(`/alert-silences/${id}`)),
  );
};
