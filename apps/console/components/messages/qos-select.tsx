'use client';

import { Select } from '@/components/ui/field';
import { useText } from '@/lib/i18n';

const LEVELS = [0, 1, 2] as const;
type QoS = (typeof LEVELS)[number];

interface QosSelectProps {
  readonly value: QoS;
  readonly onChange: (qos: QoS) => void;
}

export function QosSelect({ value, onChange }: QosSelectProps) {
  const t = useText('messages');
  return (
    <Select
      aria-label={t('qosLabel')}
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
