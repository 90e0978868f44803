'use client';

import { Download, ScrollText, ShieldCheck } from 'lucide-react';
import { useQueryStates } from 'nuqs';
import { useCallback } from 'react';
import { Button, buttonClass } from '@/components/ui/button';
import { Input } from '@/components/ui/field';
import { FilterBar, FilterChip } from '@/components/ui/filter-chip';
import { Page, PageHeader } from '@/components/ui/page';
import { SearchBox } from '@/components/ui/search-box';
import { ErrorState, NothingMatches, StaleBanner, State } from '@/components/ui/states';
import { Pager } from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/time';
import { showToast } from '@/components/ui/toast';
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

/** Who did what, to what, from where; filters are in the URL, a value in the table is a filter on one click. */
export function Audit() {
  const t = useText('audit');
  const [query, setQuery] = useQueryStates(auditParsers, { history: 'push' });
  const list = useResource(auditResource(auditQuery(query)), {
    refetchInterval: REFRESH_MS,
    keepPrevious: true,
  });
  const filter = auditFilter(query);
  const filtered = Object.values(filter).some((value) => value !== null && value !== undefined);
  const onSearch = useCallback(
    (search: string) => void setQuery({ search: search === '' ? null : search, cursor: null }),
    [setQuery],
  );
  const clear = (): void =>
    void setQuery({
      search: null,
      action: null,
      actor: null,
      target: null,
      from: null,
      to: null,
      cursor: null,
    });
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
      <div className="flex flex-wrap items-center gap-2">
        <SearchBox
          value={query.search ?? ''}
          label={t('search')}
          placeholder={t('searchPlaceholder')}
          onChange={onSearch}
          className="w-full sm:w-80"
        />
        <DateInput
          label={t('from')}
          value={query.from}
          onChange={(from) => void setQuery({ from, cursor: null })}
        />
        <DateInput label={t('to')} value={query.to} onChange={(to) => void setQuery({ to, cursor: null })} />
        {filtered && (
          <FilterBar onClear={clear}>
            {CHIPS.map((name) => {
              const value = query[name];
              return (
                value !== null && (
                  <FilterChip
                    key={name}
                    label={t(name)}
                    onRemove={() => void setQuery({ [name]: null, cursor: null })}
                  >
                    <span className="mono">{value}</span>
                  </FilterChip>
                )
              );
            })}
          </FilterBar>
        )}
      </div>
      {list.isError && list.data !== undefined && (
        <StaleBanner
          since={<RelativeTime iso={new Date(list.dataUpdatedAt).toISOString()} />}
          onRetry={() => void list.refetch()}
        />
      )}
      <section className="card min-w-0 overflow-hidden">
        {list.isError && list.data === undefined ? (
          <ErrorState error={list.error} onRetry={() => void list.refetch()} />
        ) : list.data?.items.length === 0 ? (
          filtered ? (
            <NothingMatches onClear={clear} />
          ) : (
            <State icon={<ScrollText aria-hidden />} title={t('noneYet')}>
              {t('noneYetHint')}
            </State>
          )
        ) : (
          <AuditTable
            rows={list.data?.items}
            busy={list.isPlaceholderData}
            sort={query.sort}
            onSort={(sort) => void setQuery({ sort: sort === 'at' ? 'at' : '-at', cursor: null })}
            onOpen={(id) => void setQuery({ open: id })}
            onFilter={(name, value) => void setQuery({ [name]: value, cursor: null })}
          />
        )}
        {list.data !== undefined && list.data.items.length > 0 && (
          <Pager
            shown={list.data.items.length}
            total={list.data.total}
            totalIsExact={list.data.totalIsExact}
            prev={list.data.prev}
            next={list.data.next}
            onCursor={(cursor) => void setQuery({ cursor })}
          />
        )}
      </section>
      {open !== undefined && <AuditDrawer entry={open} onClose={() => void setQuery({ open: null })} />}
    </Page>
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
