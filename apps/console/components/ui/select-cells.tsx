'use client';

import { useText } from '@/lib/i18n';
import { Checkbox } from './toggle';

interface Selection {
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (selected: ReadonlySet<string>) => void;
}

/** The box that selects every row of the page. */
export function SelectAllHead({ ids, selected, onSelect }: Selection & { readonly ids: readonly string[] }) {
  const t = useText('common');
  const all = ids.length > 0 && ids.every((id) => selected.has(id));
  return (
    <th scope="col" className="w-9 ps-3">
      <Checkbox
        aria-label={t('selectAll')}
        checked={all}
        indeterminate={!all && selected.size > 0}
        onChange={() => onSelect(all ? new Set() : new Set(ids))}
      />
    </th>
  );
}

/** The box that selects one row. */
export function SelectCell({
  id,
  name,
  selected,
  onSelect,
}: Selection & { readonly id: string; readonly name: string }) {
  const t = useText('common');
  return (
    <td className="w-9 ps-3">
      <Checkbox
        aria-label={t('selectRow', { name })}
        checked={selected.has(id)}
        onChange={() => {
          const next = new Set(selected);
          if (!next.delete(id)) next.add(id);
          onSelect(next);
        }}
      />
    </td>
  );
}
