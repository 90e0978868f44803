'use client';

import { Field, Input, Select } from '@/components/ui/field';
import { Segments } from '@/components/ui/segments';
import { CheckboxField } from '@/components/ui/toggle';
import { useText } from '@/lib/i18n';
import { IDENTITIES, type ConnectFieldsProps } from './connect-draft';
import { TextField } from './text-field';
import { VERSIONS } from './values';
import { WillFields } from './will-fields';

/** As whom to connect, and how. */
export function ConnectFields(props: ConnectFieldsProps) {
  const t = useText('messages');
  const { draft, onChange } = props;
  return (
    <div className="flex flex-col gap-4 pb-1.5">
      <div className="grid items-start gap-x-4 gap-y-3 md:grid-cols-[minmax(18rem,2fr)_1fr_1fr]">
        <div className="flex flex-col gap-1">
          <Segments
            label={t('connectAs.identity')}
            value={draft.identity}
            options={IDENTITIES.map((value) => ({ value, label: t(`connectAs.identities.${value}`) }))}
            onChange={(identity) => onChange({ identity })}
          />
          <p className="text-xs text-muted">{t(`connectAs.identityHint.${draft.identity}`)}</p>
        </div>
        <ProtocolFields {...props} />
      </div>
      {draft.identity === 'own' && <OwnFields {...props} />}
      <WillFields {...props} />
    </div>
  );
}

function ProtocolFields({ draft, errorOf, onChange }: ConnectFieldsProps) {
  const t = useText('messages');
  return (
    <>
      <Field label={t('connectAs.version')}>
        {(ids) => (
          <Select
            {...ids}
            value={draft.version}
            onChange={(event) =>
              onChange({ version: VERSIONS.find((one) => String(one) === event.target.value) ?? 5 })
            }
          >
            {VERSIONS.map((version) => (
              <option key={version} value={version}>
                {t(`connectAs.versions.${String(version)}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <TextField
        label={t('connectAs.keepAlive')}
        hint={t('connectAs.keepAliveHint')}
        numeric
        value={draft.keepAliveSeconds}
        error={errorOf('keepAliveSeconds')}
        onChange={(keepAliveSeconds) => onChange({ keepAliveSeconds })}
      />
    </>
  );
}

/** A credential that exists, and the session of its client. */
function OwnFields({ draft, errorOf, onChange }: ConnectFieldsProps) {
  const t = useText('messages');
  return (
    <div className="grid items-start gap-x-4 gap-y-3 border-t border-line pt-3 sm:grid-cols-2 lg:grid-cols-3">
      <TextField
        label={t('connectAs.clientId')}
        hint={t('connectAs.clientIdHint')}
        value={draft.clientId}
        error={errorOf('clientId')}
        placeholder="pump-7"
        onChange={(clientId) => onChange({ clientId })}
      />
      <TextField
        label={t('connectAs.username')}
        value={draft.username}
        error={errorOf('username')}
        onChange={(username) => onChange({ username })}
      />
      <Field label={t('connectAs.password')}>
        {(ids) => (
          <Input
            {...ids}
            type="password"
            // A device's secret: the browser is not to offer to keep it, nor to fill in the person's own.
            autoComplete="new-password"
            value={draft.password}
            className="mono"
            onChange={(event) => onChange({ password: event.target.value })}
          />
        )}
      </Field>
      <SessionFields draft={draft} errorOf={errorOf} onChange={onChange} />
    </div>
  );
}

function SessionFields({ draft, errorOf, onChange }: ConnectFieldsProps) {
  const t = useText('messages');
  const isV5 = draft.version === 5;
  return (
    <>
      <CheckboxField
        label={t('connectAs.cleanStart')}
        hint={t('connectAs.cleanStartHint')}
        checked={draft.cleanStart}
        onChange={(event) => onChange({ cleanStart: event.target.checked })}
      />
      <TextField
        label={t('connectAs.sessionExpiry')}
        hint={t(isV5 ? 'connectAs.sessionExpiryHint' : 'connectAs.sessionExpiryV3')}
        numeric
        disabled={!isV5}
        value={draft.sessionExpirySeconds}
        error={errorOf('sessionExpirySeconds')}
        onChange={(sessionExpirySeconds) => onChange({ sessionExpirySeconds })}
      />
    </>
  );
}
