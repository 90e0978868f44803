'use client';

import type { ReactNode } from 'react';
import { FilterBar, FilterChip } from './filter-chip';
import { SearchBox } from './search-box';
import { VisibleSentence } from './visible-sentence';

/** What the filters of a list are drawn from: the query of its URL, and how they change it. */
export interface FiltersProps<Query, Narrowing = Partial<Query>> {
  readonly query: Query;
  readonly onNarrow: (change: Narrowing) => void;
  /** Given while something is filtered. */
  readonly onClear: (() => void) | undefined;
}

/** A filter that has no control of its own: it was set by a click in the table, or by a link. */
interface Chip {
  readonly label: string;
  /** Null: not set, and not drawn. */
  readonly value: string | null;
  readonly onRemove: () => void;
}

interface FilterRowProps {
  readonly search: {
    readonly value: string | null;
    readonly label: string;
    readonly placeholder: string;
    readonly className?: string;
    readonly onChange: (text: string | null) => void;
  };
  readonly chips?: readonly Chip[];
  readonly onClear: (() => void) | undefined;
  readonly hint?: ReactNode;
  /** The other controls. */
  readonly children?: ReactNode;
}

/** Above a list: its search, its other filters, chips for what has no control, and the way back to all of it. */
export function FilterRow({ search, chips = [], onClear, hint, children }: FilterRowProps) {
  return (
    <div className="flex flex-wrap items-center gap-2">
      <SearchBox
        value={search.value ?? ''}
        label={search.label}
        placeholder={search.placeholder}
        onChange={(text) => search.onChange(text === '' ? null : text)}
        className={search.className ?? 'w-full sm:w-80'}
      />
      {children}
      {onClear !== undefined && (
        <FilterBar onClear={onClear}>
          {chips.map(
            ({ label, value, onRemove }) =>
              value !== null && (
                <FilterChip key={label} label={label} onRemove={onRemove}>
                  <VisibleSentence text={value} />
                </FilterChip>
              ),
          )}
        </FilterBar>
      )}
      {hint !== undefined && <span className="text-xs text-muted">{hint}</span>}
    </div>
  );
}
