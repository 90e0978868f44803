'use client';

import type { BlockDto } from '@gatehouse/contract';
import { Ban } from 'lucide-react';
import { useQueryStates, type inferParserType } from 'nuqs';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { EnumSelect } from '@/components/ui/enum-select';
import { FilterRow, type FiltersProps } from '@/components/ui/filter-row';
import { ListSection } from '@/components/ui/list-section';
import { Page, PageHeader } from '@/components/ui/page';
import { NothingMatches, State } from '@/components/ui/states';
import { blocksResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { isFilteredBy } from '@/lib/is-filtered';
import { lazyPart } from '@/lib/lazy-part';
import { useMay } from '@/lib/session';
import { useResource } from '@/lib/use-resource';
import { BlockedTable } from './blocked-table';
import { BLOCK_KINDS } from './kinds';
import { BLOCK_STATES, blockedParsers, NO_FILTERS, toApiQuery } from './query';
import { Slowed } from './slowed';
import { useUnblock } from './use-unblock';

const BlockDialog = lazyPart(() => import('./block-dialog').then((module) => module.BlockDialog));
const EditBlock = lazyPart(() => import('./edit-block').then((module) => module.EditBlock));

const REFRESH_MS = 10_000;

type Query = inferParserType<typeof blockedParsers>;

/** Who may not connect at all, how often each block refused, and the ways to change that. */
export function Blocked() {
  const mayWrite = useMay('blocks:write');
  const [query, setQuery] = useQueryStates(blockedParsers, { history: 'push' });
  const [adding, setAdding] = useState(false);
  const [editing, setEditing] = useState<BlockDto | null>(null);
  const unblock = useUnblock();
  const list = useResource(blocksResource(toApiQuery(query)), {
    refetchInterval: REFRESH_MS,
    keepPrevious: true,
  });
  const narrow = (change: Partial<Query>): void => void setQuery({ cursor: null, ...change });
  const clear = (): void => narrow(NO_FILTERS);
  const isFiltered = isFilteredBy(query, NO_FILTERS);
  return (
    <Page>
      <Header onAdd={mayWrite ? () => setAdding(true) : undefined} />
      <Filters query={query} onNarrow={narrow} onClear={isFiltered ? clear : undefined} />
      <ListSection
        list={list}
        empty={
          isFiltered ? (
            <NothingMatches onClear={clear} />
          ) : (
            <NobodyYet onAdd={mayWrite ? () => setAdding(true) : undefined} />
          )
        }
        onCursor={(cursor) => narrow({ cursor })}
      >
        <BlockedTable
          rows={list.data?.items}
          busy={list.isPlaceholderData}
          sort={query.sort}
          onSort={(sort) => narrow({ sort })}
          {...(mayWrite ? { onEdit: setEditing, onRemove: unblock.run } : {})}
        />
      </ListSection>
      <Slowed />
      {adding && <BlockDialog onClose={() => setAdding(false)} />}
      {editing !== null && <EditBlock block={editing} onClose={() => setEditing(null)} />}
    </Page>
  );
}

interface AddProps {
  /** Undefined: this person may not. */
  readonly onAdd: (() => void) | undefined;
}

function Header({ onAdd }: AddProps) {
  const t = useText('blocked');
  return (
    <PageHeader
      title={t('title')}
      description={t('subtitle')}
      guide="blocked"
      actions={
        onAdd !== undefined && (
          <Button tone="primary" icon={<Ban aria-hidden className="size-4" />} onClick={onAdd}>
            {t('add')}
          </Button>
        )
      }
    />
  );
}

function Filters({ query, onNarrow, onClear }: FiltersProps<Query>) {
  const t = useText('blocked');
  return (
    <FilterRow
      search={{
        value: query.search,
        label: t('search'),
        placeholder: t('searchPlaceholder'),
        onChange: (search) => onNarrow({ search }),
      }}
      onClear={onClear}
    >
      <EnumSelect
        label={t('kind')}
        options={BLOCK_KINDS}
        nameOf={(kind) => t(`kinds.${kind}`)}
        anyName={t('anyKind')}
        value={query.kind}
        onChange={(kind) => onNarrow({ kind })}
      />
      <EnumSelect
        label={t('state')}
        options={BLOCK_STATES}
        nameOf={(state) => t(`states.${state}`)}
        anyName={t('anyState')}
        value={query.state}
        onChange={(state) => onNarrow({ state })}
      />
    </FilterRow>
  );
}

function NobodyYet({ onAdd }: AddProps) {
  const t = useText('blocked');
  return (
    <State
      icon={<Ban aria-hidden />}
      title={t('noneYet')}
      actions={
        onAdd !== undefined && (
          <Button tone="primary" onClick={onAdd}>
            {t('add')}
          </Button>
        )
      }
    >
      {t('noneYetHint')}
    </State>
  );
}
