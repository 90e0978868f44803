'use client';

import { useText } from '@/lib/i18n';
import { EnumSelect } from './enum-select';

interface NodeSelectProps {
  /** All that there are; undefined: not known yet. */
  readonly nodes: readonly string[] | undefined;
  readonly value: string | null;
  readonly onChange: (node: string | null) => void;
}

/** The nodes that there are, where there are several; one that is gone stays to be chosen while it is the filter. */
export function NodeSelect({ nodes = [], value, onChange }: NodeSelectProps) {
  const t = useText('common');
  const names = value === null || nodes.includes(value) ? nodes : [...nodes, value];
  if (names.length < 2 && value === null) return null;
  return (
    <EnumSelect
      label={t('node')}
      options={names}
      nameOf={(name) => name}
      anyName={t('anyNode')}
      value={value}
      onChange={onChange}
    />
  );
}
