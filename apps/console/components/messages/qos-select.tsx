'use client';

import { Select } from '@/components/ui/field';
import { useText } from '@/lib/i18n';
import type { QoS } from './values';

const LEVELS = [0, 1, 2] as const satisfies readonly QoS[];

interface QosSelectProps {
  /** Where there is more than one on the page. */
  readonly label?: string;
  readonly value: QoS;
  readonly onChange: (qos: QoS) => void;
}

export function QosSelect({ label, value, onChange }: QosSelectProps) {
  const t = useText('messages');
  return (
    <Select
      aria-label={label ?? t('qosLabel')}
      value={value}
      onChange={(event) => onChange(LEVELS.find((one) => String(one) === event.target.value) ?? 0)}
    >
      {LEVELS.map((qos) => (
        <option key={qos} value={qos}>
          {t('qos', { qos })}
        </option>
      ))}
    </Select>
  );
}
