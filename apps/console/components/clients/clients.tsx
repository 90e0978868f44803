'use client';

import { PlugZap, TriangleAlert } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useQueryStates, type inferParserType } from 'nuqs';
import { useCallback, useState } from 'react';
import { useShellStats } from '@/components/shell/use-shell-stats';
import { Select } from '@/components/ui/field';
import { FilterBar, FilterChip } from '@/components/ui/filter-chip';
import { ListSection } from '@/components/ui/list-section';
import { Page, PageHeader } from '@/components/ui/page';
import { protocolName } from '@/components/ui/protocol-name';
import { SearchBox } from '@/components/ui/search-box';
import { SelectionBar } from '@/components/ui/selection-bar';
import { Notice, NothingMatches, State } from '@/components/ui/states';
import { clientsResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { useMay } from '@/lib/session';
import { useHydrated } from '@/lib/use-hydrated';
import { useResource } from '@/lib/use-resource';
import { ClientsTable } from './clients-table';
import { DisconnectButtons } from './disconnect-buttons';
import { clientsParsers, clientsQuery, NO_FILTERS, PROTOCOLS, STATES } from './query';

const ClientDrawer = dynamic(() => import('./client-drawer').then((module) => module.ClientDrawer), {
  ssr: false,
});

const REFRESH_MS = 10_000;
const NONE: ReadonlySet<string> = new Set();

type Query = inferParserType<typeof clientsParsers>;
/** A change of which rows are shown; `cursor` is the first page's unless it is given. */
type Narrowing = Partial<Omit<Query, 'open'>>;

/** Who is connected, and what is kept for those who are not. */
export function Clients() {
  const t = useText('clients');
  const mayDisconnect = useMay('clients:disconnect');
  const [query, setQuery] = useQueryStates(clientsParsers, { history: 'push' });
  const [selected, setSelected] = useState(NONE);
  const list = useResource(clientsResource(clientsQuery(query)), {
    refetchInterval: REFRESH_MS,
    keepPrevious: true,
  });
  const narrow = useCallback(
    (change: Narrowing) => {
      setSelected(NONE);
      void setQuery({ cursor: null, ...change });
    },
    [setQuery],
  );
  const clear = (): void => narrow(NO_FILTERS);
  const isFiltered = Object.keys(NO_FILTERS).some((name) => query[name as keyof typeof NO_FILTERS] !== null);
  const rows = list.data?.items;
  const chosen = rows?.filter((row) => selected.has(row.clientId)) ?? [];
  return (
    <Page>
      <PageHeader title={t('title')} description={t('subtitle')} />
      <Filters query={query} onNarrow={narrow} {...(isFiltered ? { onClear: clear } : {})} />
      {list.data?.totalIsExact === false && (
        <Notice tone="warning" icon={<TriangleAlert aria-hidden className="text-ignored" />}>
          {t('incomplete')}
        </Notice>
      )}
      <ListSection
        list={list}
        empty={isFiltered ? <NothingMatches onClear={clear} /> : <NoneYet />}
        onCursor={(cursor) => narrow({ cursor })}
      >
        <ClientsTable
          rows={rows}
          busy={list.isPlaceholderData}
          sort={query.sort}
          selected={mayDisconnect ? selected : undefined}
          onSort={(sort) => narrow({ sort: sort === '-clientId' ? sort : 'clientId' })}
          onSelect={setSelected}
          onOpen={(open) => void setQuery({ open })}
        />
      </ListSection>
      {chosen.length > 0 && mayDisconnect && (
        <SelectionBar count={chosen.length} onClear={() => setSelected(NONE)}>
          <DisconnectButtons
            clientIds={chosen.map((row) => row.clientId)}
            online={chosen.some((row) => row.online)}
            onDone={() => setSelected(NONE)}
          />
        </SelectionBar>
      )}
      {query.open !== null && (
        <ClientDrawer key={query.open} clientId={query.open} onClose={() => void setQuery({ open: null })} />
      )}
    </Page>
  );
}

interface FiltersProps {
  readonly query: Query;
  readonly onNarrow: (change: Narrowing) => void;
  /** Given while something is filtered. */
  readonly onClear?: () => void;
}

function Filters({ query, onNarrow, onClear }: FiltersProps) {
  const t = useText('clients');
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
      <Select
        aria-label={t('state')}
        value={query.state ?? ''}
        onChange={(event) => onNarrow({ state: STATES.find((one) => one === event.target.value) ?? null })}
      >
        <option value="">{t('anyState')}</option>
        {STATES.map((state) => (
          <option key={state} value={state}>
            {t(state)}
          </option>
        ))}
      </Select>
      <ListenerSelect value={query.listener} onChange={(listener) => onNarrow({ listener })} />
      <Select
        aria-label={t('protocol')}
        value={query.protocol ?? ''}
        onChange={(event) =>
          onNarrow({ protocol: PROTOCOLS.find((one) => one === event.target.value) ?? null })
        }
      >
        <option value="">{t('anyProtocol')}</option>
        {PROTOCOLS.map((protocol) => (
          <option key={protocol} value={protocol}>
            {protocolName(Number(protocol))}
          </option>
        ))}
      </Select>
      {onClear !== undefined && (
        <FilterBar onClear={onClear}>
          {query.credentialId !== null && (
            <FilterChip label={t('credential')} onRemove={() => onNarrow({ credentialId: null })}>
              {query.credentialId}
            </FilterChip>
          )}
          {query.ip !== null && (
            <FilterChip label={t('address')} onRemove={() => onNarrow({ ip: null })}>
              {query.ip}
            </FilterChip>
          )}
        </FilterBar>
      )}
    </div>
  );
}

interface ListenerSelectProps {
  readonly value: string | null;
  readonly onChange: (listener: string | null) => void;
}

/** The listeners that there are; one that is gone stays to be chosen while it is the filter. */
function ListenerSelect({ value, onChange }: ListenerSelectProps) {
  const t = useText('clients');
  // The shell may know them before this page is hydrated: the server did not.
  const hydrated = useHydrated();
  const stats = useShellStats().data;
  const known = (hydrated ? stats?.listeners.map(({ name }) => name) : undefined) ?? [];
  const names = value === null || known.includes(value) ? known : [...known, value];
  return (
    <Select
      aria-label={t('listener')}
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
    >
      <option value="">{t('anyListener')}</option>
      {names.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </Select>
  );
}

function NoneYet() {
  const t = useText('clients');
  return (
    <State icon={<PlugZap aria-hidden />} title={t('noneYet')}>
      {t('noneYetHint')}
    </State>
  );
}
