'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { Page } from '@/components/ui/page';
import { lazyPart } from '@/lib/lazy-part';
import { useModel } from '@/lib/unauthorized/use-model';
import { WIDE, useMedia } from '@/lib/unauthorized/use-media';
import { useText } from '@/lib/i18n';
import { useMay } from '@/lib/session';
import { Forbidden } from '@/components/ui/states';
import { Banners } from './banners';
import { FilterBar } from './filters/filter-bar';
import { PanelSkeleton } from './filters/panel-skeleton';
import { Header } from './header';
import { Histogram } from './histogram';
import { Rows } from './rows';
import { useRowKeys } from './use-row-keys';
import { WatchProvider } from './watch/watch-provider';

const Troubled = lazyPart(() => import('./troubled').then((module) => module.Troubled));
const Denied = lazyPart(() => import('./denied').then((module) => module.Denied));
const DeletionQuestion = lazyPart(() =>
  import('./deletion-question').then((module) => module.DeletionQuestion),
);
/** A third of the page's elements, and on a narrow window none: the rows are not kept waiting for it. */
const FilterPanel = lazyPart(
  () => import('./filters/filter-panel').then((module) => module.FilterPanel),
  PanelSkeleton,
);
const FilterDrawer = lazyPart(() => import('./filters/filter-drawer').then((module) => module.FilterDrawer));
const ReasonDrawer = lazyPart(() => import('./drawer/reason-drawer').then((module) => module.ReasonDrawer));
/** Made once: no change of the page is theirs. */
const SELDOM = (
  <>
    <Troubled />
    <Denied />
  </>
);
/** What the next click will most likely want: fetched and compiled once the page is there. */
const PREPARE_AFTER_MS = 1_000;
const prepare = (): void => {
  void import('./drawer/detail');
  void import('./selection-bar');
};

/** Who was refused, why, is it new, how often, and what to click to fix it. */
export function UnauthorizedPage() {
  if (!useMay('unauthorized:read')) return <Forbidden />;
  return (
    <WatchProvider>
      <Refused />
    </WatchProvider>
  );
}

function Refused() {
  const t = useText('unauthorized');
  const model = useModel();
  useEffect(() => {
    const timer = setTimeout(prepare, PREPARE_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  const wide = useMedia(WIDE);
  const search = useRef<HTMLInputElement>(null);
  const panel = useRef<HTMLElement>(null);
  const [filtersOpen, setFiltersOpen] = useState(false);
  const showFilters = (): void => {
    if (wide === false) setFiltersOpen(true);
    else panel.current?.querySelector<HTMLElement>('input, button')?.focus();
  };
  const openFilters = useCallback(() => setFiltersOpen(true), []);
  useRowKeys(model, { focusSearch: () => search.current?.focus(), showFilters });
  return (
    <Page>
      <Header
        control={model.shown}
        view={model.view}
        live={model.live}
        held={model.held}
        columns={model.columns}
        ask={model.ask}
      />
      <Banners model={model} />
      {SELDOM}
      <Histogram control={model.shown} />
      <FilterBar control={model.control} shown={model.shown} searchRef={search} onFilters={openFilters} />
      <div className="flex items-start gap-4">
        {wide !== false && (
          <aside
            ref={panel}
            aria-label={t('filters.label')}
            className="hidden w-46 shrink-0 min-[1400px]:block"
          >
            <FilterPanel control={model.control} view={model.view} />
          </aside>
        )}
        <div className="min-w-0 flex-1">
          <Rows model={model} />
        </div>
      </div>
      {wide === false && filtersOpen && (
        <FilterDrawer control={model.control} view={model.view} onClose={() => setFiltersOpen(false)} />
      )}
      <ReasonDrawer model={model} />
      {model.asked !== null && <DeletionQuestion model={model} asked={model.asked} />}
    </Page>
  );
}
