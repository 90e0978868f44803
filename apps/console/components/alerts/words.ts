import type { AlertConditionDto, AlertDto } from '@gatehouse/contract';
import type { Text } from '@/lib/i18n';
import { unauthorizedLink } from '@/lib/unauthorized-link';

/** Paths whose data a change of what is set for alerts makes old. */
export const STALE = ['/alerts', '/alert-rules', '/alert-channels', '/alert-silences'] as const;

/** The number that a condition compares with; null: it has none. */
export function thresholdOf(condition: AlertConditionDto): number | null {
  switch (condition.kind) {
    case 'refusalRate':
      return condition.perMinute;
    case 'backendError':
      return condition.errors;
    case 'certificateExpiry':
      return condition.days;
    case 'recorderDrops':
      return condition.drops;
    case 'newReason':
    case 'newNetwork':
      return null;
  }
}

/** A condition in words, with its own threshold or a value in its place. */
export const conditionWords = (t: Text, condition: AlertConditionDto, value?: number): string =>
  t(`tells.${condition.kind}`, {
    value: Math.floor(value ?? thresholdOf(condition) ?? 0),
    minutes: 'windowMinutes' in condition ? condition.windowMinutes : 0,
  });

const PAGES = {
  backendError: '/authentication',
  certificateExpiry: '/certificates',
  recorderDrops: '/',
} as const;

/** Where what is behind an alert is seen: the refused clients with its filters, or the page that looks after it. */
export const behind = ({ rows, condition }: Pick<AlertDto, 'rows' | 'condition'>): string => {
  if (rows !== null) return unauthorizedLink(rows);
  return condition.kind in PAGES ? PAGES[condition.kind as keyof typeof PAGES] : '/unauthorized';
};
