'use client';

import { ListFilter, Plus, Search } from 'lucide-react';
import { memo, useState, type RefObject } from 'react';
import { Button } from '@/components/ui/button';
import { Select } from '@/components/ui/field';
import { useText } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazy-part';
import { activeFilters } from '@/lib/unauthorized/active-filters';
import type { ViewControl } from '@/lib/unauthorized/use-view';
import { GROUPINGS } from '@/lib/unauthorized/view';
import { ActiveFilters } from './active-filter-chips';
import { SavedViews } from './saved-views-menu';
import { SearchInput } from './search-input';

const AddFilter = lazyPart(() => import('./add-filter').then((module) => module.AddFilter));

interface FilterBarProps {
  readonly control: ViewControl;
  /** What the rows follow: the chips come with the rows, for they move them. */
  readonly shown: ViewControl;
  readonly searchRef: RefObject<HTMLInputElement | null>;
  readonly onFilters: () => void;
}

/** Search, more filters, groups, saved views; below them the filters that are on. */
export const FilterBar = memo(function FilterBar(props: FilterBarProps) {
  const { control, shown, searchRef, onFilters } = props;
  const t = useText('unauthorized');
  const { view } = control;
  const [adding, setAdding] = useState(false);
  const count = activeFilters(shown.view).length;
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <div className="relative min-w-0 flex-[1_1_16rem]">
          <Search aria-hidden className="pointer-events-none absolute top-2 start-2.5 size-4 text-faint" />
          <SearchInput control={control} inputRef={searchRef} />
        </div>
        <Button
          className="min-[1400px]:hidden"
          icon={<ListFilter aria-hidden className="size-4" />}
          onClick={onFilters}
        >
          {t('filters.open', { count })}
        </Button>
        <Button
          aria-expanded={adding}
          icon={<Plus aria-hidden className="size-4" />}
          onClick={() => setAdding(!adding)}
        >
          {t('filters.add')}
        </Button>
        <Select
          aria-label={t('group.label')}
          value={view.group}
          onChange={(event) =>
            control.change({ group: GROUPINGS.find((one) => one === event.target.value) ?? 'none' })
          }
        >
          {GROUPINGS.map((group) => (
            <option key={group} value={group}>
              {t(`group.by.${group}`)}
            </option>
          ))}
        </Select>
        <SavedViews />
      </div>
      {adding && <AddFilter control={control} onDone={() => setAdding(false)} />}
      <ActiveFilters control={shown} />
    </div>
  );
});
