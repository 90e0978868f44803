'use client';

import { Pin, Trash2 } from 'lucide-react';
import { useQueryStates } from 'nuqs';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { FilterRow } from '@/components/ui/filter-row';
import { ListSection } from '@/components/ui/list-section';
import { Page, PageHeader } from '@/components/ui/page';
import { NothingMatches, State } from '@/components/ui/states';
import { retainedResource } from '@/lib/endpoints';
import { useText } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazy-part';
import { useMay } from '@/lib/session';
import { useResource } from '@/lib/use-resource';
import type { Doomed } from './delete-retained';
import { retainedParsers, retainedQuery } from './query';
import { RetainedTable } from './retained-table';

const DeleteRetained = lazyPart(() => import('./delete-retained').then((module) => module.DeleteRetained));
const RetainedDrawer = lazyPart(() => import('./retained-drawer').then((module) => module.RetainedDrawer));

const REFRESH_MS = 15_000;
const EVERYTHING = '#';

/** The last message of each topic. */
export function Retained() {
  const t = useText('retained');
  const mayDelete = useMay('messages:delete');
  const [query, setQuery] = useQueryStates(retainedParsers, { history: 'push' });
  const [doomed, setDoomed] = useState<Doomed | null>(null);
  const list = useResource(retainedResource(retainedQuery(query)), {
    refetchInterval: REFRESH_MS,
    keepPrevious: true,
  });
  const filterBy = (filter: string | null): void => void setQuery({ cursor: null, filter });
  const clear = (): void => filterBy(null);
  const isFiltered = query.filter !== null;
  const page = list.data;
  const doomAll = (): void => {
    if (page === undefined) return;
    setDoomed({
      kind: 'filter',
      filter: query.filter ?? EVERYTHING,
      count: page.total,
      isExact: page.totalIsExact,
    });
  };
  return (
    <Page>
      <PageHeader
        title={t('title')}
        description={t('subtitle')}
        guide="retained"
        actions={
          mayDelete &&
          page !== undefined &&
          page.total > 0 && (
            <Button tone="danger" icon={<Trash2 aria-hidden className="size-4" />} onClick={doomAll}>
              {t('deleteAll')}
            </Button>
          )
        }
      />
      <FilterRow
        search={{
          value: query.filter,
          label: t('filterLabel'),
          placeholder: t('filterPlaceholder'),
          className: 'mono w-full sm:w-96',
          onChange: filterBy,
        }}
        onClear={isFiltered ? clear : undefined}
        hint={t('filterHint')}
      />
      <ListSection
        list={list}
        incomplete={t('incomplete')}
        empty={isFiltered ? <NothingMatches onClear={clear} /> : <NoneYet />}
        onCursor={(cursor) => void setQuery({ cursor })}
      >
        <RetainedTable
          rows={page?.items}
          busy={list.isPlaceholderData}
          sort={query.sort}
          onSort={(sort) => void setQuery({ cursor: null, sort })}
          onOpen={(open) => void setQuery({ open })}
          {...(mayDelete ? { onDelete: (topic: string) => setDoomed({ kind: 'topic', topic }) } : {})}
        />
      </ListSection>
      {doomed !== null && (
        <DeleteRetained doomed={doomed} onClose={() => setDoomed(null)} onDeleted={() => undefined} />
      )}
      {query.open !== null && (
        <RetainedDrawer key={query.open} topic={query.open} onClose={() => void setQuery({ open: null })} />
      )}
    </Page>
  );
}

function NoneYet() {
  const t = useText('retained');
  return (
    <State icon={<Pin aria-hidden />} title={t('noneYet')}>
      {t('noneYetHint')}
    </State>
  );
}
