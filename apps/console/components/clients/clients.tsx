'use client';

import { PlugZap } from 'lucide-react';
import { useQueryStates, type inferParserType } from 'nuqs';
import { useCallback, useState } from 'react';
import { useShellStats } from '@/components/shell/use-shell-stats';
import { EnumSelect } from '@/components/ui/enum-select';
import { FilterRow, type FiltersProps } from '@/components/ui/filter-row';
import { ListSection } from '@/components/ui/list-section';
import { NodeSelect } from '@/components/ui/node-select';
import { Page, PageHeader } from '@/components/ui/page';
import { protocolName } from '@/components/ui/protocol-name';
import { BlockButton } from '@/components/blocked/block-button';
import { choicesOfMany } from '@/components/blocked/kinds';
import { SelectionBar } from '@/components/ui/selection-bar';
import { NothingMatches, State } from '@/components/ui/states';
import { clientsResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { isFilteredBy } from '@/lib/is-filtered';
import { lazyPart } from '@/lib/lazy-part';
import { useMay } from '@/lib/session';
import { useHydrated } from '@/lib/use-hydrated';
import { useResource } from '@/lib/use-resource';
import { ClientsTable } from './clients-table';
import { DisconnectButtons } from './disconnect-buttons';
import { clientsParsers, clientsQuery, NO_FILTERS, PROTOCOLS, SECURITY, STATES } from './query';

const ClientDrawer = lazyPart(() => import('./client-drawer').then((module) => module.ClientDrawer));

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
  const isFiltered = isFilteredBy(query, NO_FILTERS);
  const rows = list.data?.items;
  const chosen = rows?.filter((row) => selected.has(row.clientId)) ?? [];
  return (
    <Page>
      <PageHeader title={t('title')} description={t('subtitle')} guide="clients" />
      <Filters
        query={query}
        nodes={list.data?.nodes}
        onNarrow={narrow}
        onClear={isFiltered ? clear : undefined}
      />
      <ListSection
        list={list}
        incomplete={t('incomplete')}
        missing={list.data?.missing}
        empty={isFiltered ? <NothingMatches onClear={clear} /> : <NoneYet />}
        onCursor={(cursor) => narrow({ cursor })}
      >
        <ClientsTable
          rows={rows}
          withNode={(list.data?.nodes.length ?? 0) > 1}
          busy={list.isPlaceholderData}
          sort={query.sort}
          selected={mayDisconnect ? selected : undefined}
          onSort={(sort) => narrow({ sort })}
          onSelect={setSelected}
          onOpen={(open) => void setQuery({ open })}
        />
      </ListSection>
      {chosen.length > 0 && mayDisconnect && (
        <SelectionBar count={chosen.length} onClear={() => setSelected(NONE)}>
          <BlockButton choices={choicesOfMany(chosen)} />
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

interface ClientFiltersProps extends FiltersProps<Query, Narrowing> {
  readonly nodes: readonly string[] | undefined;
}

function Filters({ query, nodes, onNarrow, onClear }: ClientFiltersProps) {
  const t = useText('clients');
  return (
    <FilterRow
      search={{
        value: query.search,
        label: t('search'),
        placeholder: t('searchPlaceholder'),
        onChange: (search) => onNarrow({ search }),
      }}
      chips={[
        {
          label: t('credential'),
          value: query.credentialId,
          onRemove: () => onNarrow({ credentialId: null }),
        },
        { label: t('address'), value: query.ip, onRemove: () => onNarrow({ ip: null }) },
      ]}
      onClear={onClear}
    >
      <EnumSelect
        label={t('state')}
        options={STATES}
        nameOf={t}
        anyName={t('anyState')}
        value={query.state}
        onChange={(state) => onNarrow({ state })}
      />
      <NodeSelect nodes={nodes} value={query.node} onChange={(node) => onNarrow({ node })} />
      <ListenerSelect value={query.listener} onChange={(listener) => onNarrow({ listener })} />
      <EnumSelect
        label={t('protocol')}
        options={PROTOCOLS}
        nameOf={(protocol) => protocolName(Number(protocol))}
        anyName={t('anyProtocol')}
        value={query.protocol}
        onChange={(protocol) => onNarrow({ protocol })}
      />
      <EnumSelect
        label={t('tls')}
        options={SECURITY}
        nameOf={t}
        anyName={t('anySecurity')}
        value={query.security}
        onChange={(security) => onNarrow({ security })}
      />
    </FilterRow>
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
    <EnumSelect
      label={t('listener')}
      options={names}
      nameOf={(name) => name}
      anyName={t('anyListener')}
      value={value}
      onChange={onChange}
    />
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
