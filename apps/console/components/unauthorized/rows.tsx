'use client';

import { useMemo } from 'react';
import { ErrorState } from '@/components/ui/states';
import { cx } from '@/lib/cx';
import { useText } from '@/lib/i18n';
import { problemOf } from '@/lib/api';
import { lazyPart } from '@/lib/lazy-part';
import { isEmpty } from '@/lib/unauthorized/selection';
import type { RefusedModel } from '@/lib/unauthorized/use-model';
import { TABLE, useMedia } from '@/lib/unauthorized/use-media';
import { NewPill } from './new-pill';
import { Footer } from './table/footer';
import { RefusedTable } from './table/refused-table';
import { RowStateProvider } from './table/row-state';
import { TableSkeleton } from './table/table-skeleton';

const Cards = lazyPart(
  () => import('./cards').then((module) => module.Cards),
  () => <TableSkeleton />,
);
const EmptyRows = lazyPart(() => import('./empty-rows').then((module) => module.EmptyRows));
const SelectionBar = lazyPart(() => import('./selection-bar').then((module) => module.SelectionBar));
const RefusedFilters = lazyPart(() => import('./refused-filters').then((module) => module.RefusedFilters));
const Groups = lazyPart(() => import('./groups').then((module) => module.Groups));

/** The refused clients, or what stands in for them. */
export function Rows({ model }: { readonly model: RefusedModel }) {
  const { list, view, rows } = model;
  if (view.group !== 'none') return <Groups model={model} />;
  if (list.data === undefined) return list.isError ? <ListError model={model} /> : <TableSkeleton />;
  if (list.isError && problemOf(list.error).status === 400) return <ListError model={model} />;
  if (rows.length === 0 && !list.isPlaceholderData) return <EmptyRows model={model} />;
  return <Listed model={model} />;
}

function ListError({ model }: { readonly model: RefusedModel }) {
  const { list, control } = model;
  const problem = problemOf(list.error);
  if (problem.status === 400 && problem.errors !== undefined) {
    return <RefusedFilters errors={problem.errors} requestId={problem.requestId} control={control} />;
  }
  return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
}

function Listed({ model }: { readonly model: RefusedModel }) {
  const t = useText('unauthorized');
  const asTable = useMedia(TABLE);
  const { list, control, view, selection, active, hold } = model;
  const rowState = useMemo(() => ({ selection, active }), [selection, active]);
  return (
    <section
      aria-label={t('title')}
      className="card relative flex flex-col overflow-hidden"
      onPointerEnter={(event) => {
        if (event.pointerType === 'mouse') hold('hover', true);
      }}
      onPointerLeave={() => hold('hover', false)}
    >
      <NewPill live={model.live} />
      {!isEmpty(model.chosen) && <SelectionBar model={model} />}
      {asTable !== false && (
        <div className={cx(asTable === null && 'hidden md:block')}>
          <RowStateProvider value={rowState}>
            <RefusedTable
              rows={model.rows}
              columns={model.columns}
              openId={model.openId}
              hold={hold}
              ask={model.ask}
              setActive={model.setActive}
              sort={view.sort}
              change={control.change}
              open={control.open}
              busy={list.isPlaceholderData}
            />
          </RowStateProvider>
        </div>
      )}
      {asTable === null && (
        <div className="md:hidden">
          <TableSkeleton />
        </div>
      )}
      {asTable === false && <Cards model={model} busy={list.isPlaceholderData} />}
      <Footer control={control} view={view} page={list.data} />
    </section>
  );
}
