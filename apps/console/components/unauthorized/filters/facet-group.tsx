'use client';

import { Ban, Crosshair } from 'lucide-react';
import { memo, useCallback, useEffect, useRef, useState } from 'react';
import { IconButton } from '@/components/ui/button';
import { FamilyChip, ReasonChip } from '@/components/ui/reason-chip';
import { Checkbox } from '@/components/ui/toggle';
import { cx } from '@/lib/cx';
import { useFormat, useText } from '@/lib/i18n';
import { FAMILY_ORDER } from '@/lib/reasons';
import { onlyThis, toggleExcluded, toggleIncluded } from '@/lib/unauthorized/set-choice';
import type { ViewControl } from '@/lib/unauthorized/use-view';
import type { SetField } from '@/lib/unauthorized/view';
import { ProtocolName } from '@/components/ui/protocol-name';

type FacetField = Exclude<SetField, 'ip'>;
interface Count {
  readonly value: string;
  readonly count: number;
}

/** Values shown before "more". */
const SHOWN = 7;

interface FacetGroupProps {
  readonly control: ViewControl;
  readonly field: FacetField;
  readonly counts: readonly Count[];
}

/** The values of one field: take in, take only, leave out. */
export function FacetGroup({ control, field, counts }: FacetGroupProps) {
  const t = useText('unauthorized');
  const [all, setAll] = useState(false);
  const choice = control.view[field];
  const choose = useChoose(control, field);
  const chosen = [...(choice?.include ?? []), ...(choice?.exclude ?? [])];
  const known = counts.filter(({ value }) => value !== '' && value !== 'null');
  const missing = chosen.filter((value) => !known.some((one) => one.value === value));
  const values = [...known, ...missing.map((value) => ({ value, count: 0 }))];
  if (values.length === 0) return null;
  const shown = all ? values : values.filter(({ value }, index) => index < SHOWN || chosen.includes(value));
  return (
    <section className="min-w-0">
      <h2 className="mb-1 text-xs font-medium text-muted">{t(`field.${field}`)}</h2>
      <ul className="flex flex-col">
        {shown.map((one) => (
          <FacetValue
            key={one.value}
            field={field}
            value={one.value}
            count={one.count}
            included={choice?.include.includes(one.value) ?? false}
            excluded={choice?.exclude.includes(one.value) ?? false}
            onChoose={choose}
          />
        ))}
      </ul>
      {values.length > SHOWN && (
        <button
          type="button"
          className="h-6 text-xs text-accent hover:underline"
          onClick={() => setAll(!all)}
          aria-expanded={all}
        >
          {all ? t('filters.fewer') : t('filters.more', { count: values.length - shown.length })}
        </button>
      )}
    </section>
  );
}

/** What becomes of a field's choice when one of its values is clicked. */
type NextChoice = typeof onlyThis;

/** The same function for all values of a field, which acts on the latest choice. */
function useChoose({ view, change }: ViewControl, field: FacetField): FacetValueProps['onChoose'] {
  const latest = useRef(view);
  useEffect(() => {
    latest.current = view;
  });
  return useCallback(
    (next, value) => change({ [field]: next(latest.current[field], value) }),
    [change, field],
  );
}

interface FacetValueProps extends Count {
  readonly field: FacetField;
  readonly included: boolean;
  readonly excluded: boolean;
  readonly onChoose: (next: NextChoice, value: string) => void;
}

/** Drawn anew only when its own choice or its count is another: there are dozens beside each change of the page. */
const FacetValue = memo(function FacetValue(props: FacetValueProps) {
  const { field, value, count, included, excluded, onChoose } = props;
  const { formatCompact } = useFormat();
  const t = useText('unauthorized');
  return (
    <li className="group relative flex h-7 items-center gap-1 rounded-sm hover:bg-hover">
      <label className="flex h-7 min-w-0 flex-1 cursor-pointer items-center gap-2 ps-1">
        <Checkbox checked={included} onChange={() => onChoose(toggleIncluded, value)} />
        <span className={cx('flex min-w-0', excluded && 'text-faint line-through')}>
          <FacetName field={field} value={value} />
        </span>
      </label>
      <span className="nums px-1 text-xs text-muted group-focus-within:opacity-0 group-hover:opacity-0">
        {formatCompact(count)}
      </span>
      <span className="absolute end-0 flex rounded-sm bg-hover opacity-0 group-focus-within:opacity-100 group-hover:opacity-100">
        <IconButton
          label={t('filters.only', { value: valueText(value) })}
          className="size-6"
          onClick={() => onChoose(onlyThis, value)}
        >
          <Crosshair aria-hidden />
        </IconButton>
        <IconButton
          label={t(excluded ? 'filters.notExclude' : 'filters.exclude', { value: valueText(value) })}
          aria-pressed={excluded}
          className="size-6"
          onClick={() => onChoose(toggleExcluded, value)}
        >
          <Ban aria-hidden />
        </IconButton>
      </span>
    </li>
  );
});

const valueText = (value: string): string => value.toLowerCase().replaceAll('_', ' ');

/** A value as it is shown wherever filters are. */
export function FacetName({ field, value }: { readonly field: SetField; readonly value: string }) {
  const family = FAMILY_ORDER.find((one) => one === value);
  if (field === 'family' && family !== undefined)
    return <FamilyChip family={family} className="align-middle" />;
  if (field === 'reason') return <ReasonChip code={value} className="align-middle" />;
  if (field === 'protocol') return <ProtocolName protocol={Number(value)} />;
  return <span className="mono">{value}</span>;
}
