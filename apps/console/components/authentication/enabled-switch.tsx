'use client';

import type { AuthenticatorDto } from '@gatehouse/contract';
import { Switch } from '@/components/ui/toggle';
import { useText } from '@/lib/i18n';
import { useMay } from '@/lib/session';
import { useEnabled } from './use-authentication-actions';

/** Whether an authenticator is asked. */
export function EnabledSwitch({ one }: { readonly one: AuthenticatorDto }) {
  const t = useText('authentication');
  const may = useMay('authentication:write');
  const enabled = useEnabled();
  const shown = enabled.busy && enabled.input !== undefined ? enabled.input.enabled : one.enabled;
  const reason = one.source === 'file' ? t('lockedHint') : t('readOnly');
  const disabled = !may || one.source === 'file';
  return (
    <span className="me-2 flex items-center" {...(disabled ? { 'data-tip': reason } : {})}>
      <Switch
        checked={shown}
        label={t('step.enabled', { name: one.name })}
        disabled={disabled}
        onChange={(next) => enabled.run({ one, enabled: next })}
      />
    </span>
  );
}
