'use client';

import { Download, KeyRound, Plus } from 'lucide-react';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useQueryStates } from 'nuqs';
import { useCallback, useState } from 'react';
import { buttonClass } from '@/components/ui/button';
import { Select } from '@/components/ui/field';
import { FilterBar, FilterChip } from '@/components/ui/filter-chip';
import { Page, PageHeader } from '@/components/ui/page';
import { SearchBox } from '@/components/ui/search-box';
import { ErrorState, NothingMatches, StaleBanner, State } from '@/components/ui/states';
import { Pager } from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/time';
import { apiUrl } from '@/lib/api';
import { credentialsResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { useMay } from '@/lib/session';
import { useResource } from '@/lib/use-resource';
import { BulkBar } from './bulk-bar';
import { CredentialsTable } from './credentials-table';
import { credentialsParsers, STATUSES, toApiQuery } from './query';

const CredentialDrawer = dynamic(
  () => import('./credential-drawer').then((module) => module.CredentialDrawer),
  {
    ssr: false,
  },
);

const REFRESH_MS = 10_000;
const NONE: ReadonlySet<string> = new Set();

export function Credentials() {
  const t = useText('credentials');
  const mayWrite = useMay('credentials:write');
  const [query, setQuery] = useQueryStates(credentialsParsers, { history: 'push' });
  const [selected, setSelected] = useState(NONE);
  const list = useResource(credentialsResource(toApiQuery(query)), {
    refetchInterval: REFRESH_MS,
    keepPrevious: true,
  });
  const filtered = query.search !== null || query.status !== null || query.tag !== null;

  /** A change of the rows starts at the first page and forgets what was selected on another. */
  const narrow = useCallback(
    (
      change: Partial<Record<'search' | 'tag', string | null>> & {
        readonly status?: typeof query.status;
        readonly sort?: string;
      },
    ) => {
      setSelected(NONE);
      void setQuery({ ...change, cursor: null });
    },
    [setQuery],
  );
  const onSearch = useCallback(
    (search: string) => narrow({ search: search === '' ? null : search }),
    [narrow],
  );
  const clear = (): void => narrow({ search: null, status: null, tag: null });
  const rows = list.data?.items;
  return (
    <Page>
      <PageHeader
        title={t('title')}
        description={t('subtitle')}
        actions={
          <>
            {mayWrite && (
              <a href={apiUrl('/credentials/export.csv')} download className={buttonClass()}>
                <Download aria-hidden className="size-4" />
                {t('export')}
              </a>
            )}
            {mayWrite && (
              <Link href="/credentials/new" className={buttonClass('primary')}>
                <Plus aria-hidden className="size-4" />
                {t('createOpen')}
              </Link>
            )}
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
        <Select
          aria-label={t('state')}
          value={query.status ?? ''}
          onChange={(event) => narrow({ status: STATUSES.find((one) => one === event.target.value) ?? null })}
        >
          <option value="">{t('anyState')}</option>
          {STATUSES.map((status) => (
            <option key={status} value={status}>
              {t(`status.${status}`)}
            </option>
          ))}
        </Select>
        {filtered && (
          <FilterBar onClear={clear}>
            {query.tag !== null && (
              <FilterChip label={t('tag')} onRemove={() => narrow({ tag: null })}>
                {query.tag}
              </FilterChip>
            )}
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
        ) : rows?.length === 0 ? (
          filtered ? (
            <NothingMatches onClear={clear} />
          ) : (
            <NoneYet mayWrite={mayWrite} />
          )
        ) : (
          <CredentialsTable
            rows={rows}
            busy={list.isPlaceholderData}
            sort={query.sort}
            selected={selected}
            onSort={(sort) => narrow({ sort })}
            onSelect={setSelected}
            onOpen={(open) => void setQuery({ open })}
            onTag={(tag) => narrow({ tag })}
          />
        )}
        {list.data !== undefined && list.data.items.length > 0 && (
          <Pager
            shown={list.data.items.length}
            total={list.data.total}
            totalIsExact={list.data.totalIsExact}
            prev={list.data.prev}
            next={list.data.next}
            onCursor={(cursor) => {
              setSelected(NONE);
              void setQuery({ cursor });
            }}
          />
        )}
      </section>
      {selected.size > 0 && rows !== undefined && mayWrite && (
        <BulkBar rows={rows.filter((row) => selected.has(row.id))} onClear={() => setSelected(NONE)} />
      )}
      {query.open !== null && (
        <CredentialDrawer key={query.open} id={query.open} onClose={() => void setQuery({ open: null })} />
      )}
    </Page>
  );
}

function NoneYet({ mayWrite }: { readonly mayWrite: boolean }) {
  const t = useText('credentials');
  return (
    <State
      icon={<KeyRound aria-hidden />}
      title={t('noneYet')}
      actions={
        mayWrite && (
          <Link href="/credentials/new" className={buttonClass('primary')}>
            {t('createOpen')}
          </Link>
        )
      }
    >
      {t('noneYetHint')}
    </State>
  );
}
