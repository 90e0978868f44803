'use client';

import { ScrollText, ShieldCheck } from 'lucide-react';
import { useQueryStates, type inferParserType } from 'nuqs';
import { useCallback } from 'react';
import { Button } from '@/components/ui/button';
import { ConfirmedDownload } from '@/components/ui/confirmed-download';
import { FilterRow, type FiltersProps } from '@/components/ui/filter-row';
import { ListSection } from '@/components/ui/list-section';
import { Page, PageHeader } from '@/components/ui/page';
import { NothingMatches, State } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import { TimeInput } from '@/components/ui/time-input';
import { showToast } from '@/components/ui/toast';
import { api, apiUrl } from '@/lib/api';
import { auditResource } from '@/lib/endpoints';
import { useLanguage, useText } from '@/lib/i18n';
import { isFilteredBy } from '@/lib/is-filtered';
import { lazyPart } from '@/lib/lazy-part';
import { useAction } from '@/lib/use-action';
import { useResource } from '@/lib/use-resource';
import { yesterdayOf } from '@/lib/wall-clock';
import { actionsNamed } from './actions';
import { AuditTable } from './audit-table';
import { auditFilter, auditParsers, auditQuery } from './query';

const AuditDrawer = lazyPart(() => import('./audit-drawer').then((module) => module.AuditDrawer));

const REFRESH_MS = 15_000;
const CHIPS = ['action', 'actor', 'target'] as const;
const NO_FILTERS = { search: null, action: null, actor: null, target: null, from: null, to: null } as const;

type Query = inferParserType<typeof auditParsers>;
/** A change of which entries are shown; `cursor` is the first page's unless it is given. */
type Narrowing = Partial<Omit<Query, 'open'>>;

/** Who did what, to what, from where; filters are in the URL, a value in the table is a filter on one click. */
export function Audit() {
  const t = useText('audit');
  const [query, setQuery] = useQueryStates(auditParsers, { history: 'push' });
  const named = actionsNamed(t, query.search);
  const list = useResource(auditResource(auditQuery(query, named)), {
    refetchInterval: REFRESH_MS,
    keepPrevious: true,
  });
  const filter = auditFilter(query, named);
  const isFiltered = isFilteredBy(query, NO_FILTERS);
  const narrow = useCallback((change: Narrowing) => void setQuery({ cursor: null, ...change }), [setQuery]);
  const clear = isFiltered ? () => narrow(NO_FILTERS) : undefined;
  const open = list.data?.items.find((entry) => entry.id === query.open);
  return (
    <Page>
      <PageHeader
        title={t('title')}
        description={
          <>
            {t('subtitle')} <LastVerified />
          </>
        }
        guide="audit"
        actions={
          <>
            <VerifyButton />
            <ConfirmedDownload href={apiUrl('/audit/export.csv', filter)}>{t('export')}</ConfirmedDownload>
          </>
        }
      />
      <Filters query={query} onNarrow={narrow} onClear={clear} />
      <ListSection
        list={list}
        empty={<NoEntries onClear={clear} />}
        onCursor={(cursor) => narrow({ cursor })}
      >
        <AuditTable
          rows={list.data?.items}
          busy={list.isPlaceholderData}
          sort={query.sort}
          onSort={(sort) => narrow({ sort: sort === 'at' ? 'at' : '-at' })}
          onOpen={(id) => void setQuery({ open: id })}
          onFilter={(name, value) => narrow({ [name]: value })}
        />
      </ListSection>
      {open !== undefined && <AuditDrawer entry={open} onClose={() => void setQuery({ open: null })} />}
    </Page>
  );
}

function NoEntries({ onClear }: Pick<FiltersProps<Query>, 'onClear'>) {
  const t = useText('audit');
  if (onClear !== undefined) return <NothingMatches onClear={onClear} />;
  return (
    <State icon={<ScrollText aria-hidden />} title={t('noneYet')}>
      {t('noneYetHint')}
    </State>
  );
}

function Filters({ query, onNarrow, onClear }: FiltersProps<Query, Narrowing>) {
  const t = useText('audit');
  return (
    <FilterRow
      search={{
        value: query.search,
        label: t('search'),
        placeholder: t('searchPlaceholder'),
        onChange: (search) => onNarrow({ search }),
      }}
      chips={CHIPS.map((name) => ({
        label: t(name),
        value: query[name],
        onRemove: () => onNarrow({ [name]: null }),
      }))}
      onClear={onClear}
    >
      <YesterdayButton onNarrow={onNarrow} />
      <DateInput label={t('from')} value={query.from} onChange={(from) => onNarrow({ from })} />
      <DateInput label={t('to')} value={query.to} onChange={(to) => onNarrow({ to })} />
    </FilterRow>
  );
}

/** What happened yesterday is what is asked most often after today. */
function YesterdayButton({ onNarrow }: Pick<FiltersProps<Query, Narrowing>, 'onNarrow'>) {
  const t = useText('audit');
  const { zone } = useLanguage();
  return (
    <Button
      size="sm"
      onClick={() => {
        const { from, to } = yesterdayOf(Date.now(), zone.name);
        onNarrow({ from: new Date(from), to: new Date(to) });
      }}
    >
      {t('yesterday')}
    </Button>
  );
}

interface DateInputProps {
  readonly label: string;
  readonly value: Date | null;
  readonly onChange: (date: Date | null) => void;
}

function DateInput({ label, value, onChange }: DateInputProps) {
  return (
    <label className="flex items-center gap-1.5 text-sm text-muted">
      {label}
      <TimeInput
        value={value?.toISOString() ?? null}
        onChange={(iso) => onChange(iso === null ? null : new Date(iso))}
        className="w-48"
      />
    </label>
  );
}

/** Verifying is an entry itself: the newest of its kind says when it was done last, and what was found. */
function LastVerified() {
  const t = useText('audit');
  const { data } = useResource(auditResource({ action: 'audit.verify', limit: 1 }));
  const last = data?.items[0];
  if (data === undefined) return null;
  if (last === undefined) return t('neverVerified');
  return (
    <>
      {t(isIntact(last.after) ? 'verifiedIntact' : 'verifiedBroken')} <RelativeTime iso={last.at} />
    </>
  );
}

const isIntact = (after: unknown): boolean =>
  typeof after === 'object' && after !== null && 'intact' in after && after.intact === true;

/** Each entry carries the hash of the one before; this follows the chain to its end. */
function VerifyButton() {
  const t = useText('audit');
  const verify = useAction(
    () => api.post<{ entries: number; intact: boolean; brokenAt: string | null }>('/audit/verify'),
    {
      stale: ['/audit'],
      onDone: (result) =>
        showToast(
          result.intact
            ? { tone: 'good', text: t('intact', { count: result.entries }) }
            : { tone: 'bad', text: t('broken'), detail: result.brokenAt ?? '' },
        ),
    },
  );
  return (
    <Button
      icon={<ShieldCheck aria-hidden className="size-4" />}
      busy={verify.isPending}
      onClick={() => verify.mutate(undefined)}
    >
      {t('verify')}
    </Button>
  );
}
