'use client';

import { Download, ScrollText, ShieldCheck } from 'lucide-react';
import { useQueryStates, type inferParserType } from 'nuqs';
import { useCallback } from 'react';
import { Button, buttonClass } from '@/components/ui/button';
import { Input } from '@/components/ui/field';
import { FilterBar, FilterChip } from '@/components/ui/filter-chip';
import { ListSection } from '@/components/ui/list-section';
import { Page, PageHeader } from '@/components/ui/page';
import { SearchBox } from '@/components/ui/search-box';
import { NothingMatches, State } from '@/components/ui/states';
import { showToast } from '@/components/ui/toast';
import { VisibleSentence } from '@/components/ui/visible-sentence';
import { api, apiUrl } from '@/lib/api';
import { auditResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { useAction } from '@/lib/use-action';
import { useResource } from '@/lib/use-resource';
import { AuditDrawer } from './audit-drawer';
import { AuditTable } from './audit-table';
import { auditFilter, auditParsers, auditQuery } from './query';

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
  const list = useResource(auditResource(auditQuery(query)), {
    refetchInterval: REFRESH_MS,
    keepPrevious: true,
  });
  const filter = auditFilter(query);
  const isFiltered = Object.values(filter).some((value) => value !== null && value !== undefined);
  const narrow = useCallback((change: Narrowing) => void setQuery({ cursor: null, ...change }), [setQuery]);
  const clear = (): void => narrow(NO_FILTERS);
  const open = list.data?.items.find((entry) => entry.id === query.open);
  return (
    <Page>
      <PageHeader
        title={t('title')}
        description={t('subtitle')}
        actions={
          <>
            <VerifyButton />
            <a href={apiUrl('/audit/export.csv', filter)} download className={buttonClass()}>
              <Download aria-hidden className="size-4" />
              {t('export')}
            </a>
          </>
        }
      />
      <Filters query={query} onNarrow={narrow} {...(isFiltered ? { onClear: clear } : {})} />
      <ListSection
        list={list}
        empty={<NoEntries {...(isFiltered ? { onClear: clear } : {})} />}
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

function NoEntries({ onClear }: Pick<FiltersProps, 'onClear'>) {
  const t = useText('audit');
  if (onClear !== undefined) return <NothingMatches onClear={onClear} />;
  return (
    <State icon={<ScrollText aria-hidden />} title={t('noneYet')}>
      {t('noneYetHint')}
    </State>
  );
}

interface FiltersProps {
  readonly query: Query;
  readonly onNarrow: (change: Narrowing) => void;
  /** Given while something is filtered. */
  readonly onClear?: () => void;
}

function Filters({ query, onNarrow, onClear }: FiltersProps) {
  const t = useText('audit');
  const onSearch = useCallback(
    (search: string) => onNarrow({ search: search === '' ? null : search }),
    [onNarrow],
  );
  return (
    <div className="flex flex-wrap items-center gap-2">
      <SearchBox
        value={query.search ?? ''}
        label={t('search')}
        placeholder={t('searchPlaceholder')}
        onChange={onSearch}
        className="w-full sm:w-80"
      />
      <DateInput label={t('from')} value={query.from} onChange={(from) => onNarrow({ from })} />
      <DateInput label={t('to')} value={query.to} onChange={(to) => onNarrow({ to })} />
      {onClear !== undefined && (
        <FilterBar onClear={onClear}>
          {CHIPS.map((name) => {
            const value = query[name];
            return (
              value !== null && (
                <FilterChip key={name} label={t(name)} onRemove={() => onNarrow({ [name]: null })}>
                  <VisibleSentence text={value} />
                </FilterChip>
              )
            );
          })}
        </FilterBar>
      )}
    </div>
  );
}

interface DateInputProps {
  readonly label: string;
  readonly value: Date | null;
  readonly onChange: (date: Date | null) => void;
}

const MINUTE_MS = 60_000;
const localInput = (date: Date): string =>
  new Date(date.getTime() - date.getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 16);

function DateInput({ label, value, onChange }: DateInputProps) {
  return (
    <label className="flex items-center gap-1.5 text-sm text-muted">
      {label}
      <Input
        type="datetime-local"
        suppressHydrationWarning
        value={value === null ? '' : localInput(value)}
        onChange={(event) => onChange(event.target.value === '' ? null : new Date(event.target.value))}
        className="w-48"
      />
    </label>
  );
}

/** Each entry carries the hash of the one before; this follows the chain to its end. */
function VerifyButton() {
  const t = useText('audit');
  const verify = useAction(
    () => api.get<{ entries: number; intact: boolean; brokenAt: string | null }>('/audit/verify'),
    {
      stale: [],
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
