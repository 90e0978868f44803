'use client';

import { CheckboxField } from '@/components/ui/toggle';
import { useText } from '@/lib/i18n';
import type { ConnectFieldsProps } from './connect-draft';
import { QosSelect } from './qos-select';
import { TextField } from './text-field';

/** The message that the broker publishes when the page is gone. */
export function WillFields({ draft, errorOf, onChange }: ConnectFieldsProps) {
  const t = useText('messages');
  return (
    <div className="flex flex-col gap-3 border-t border-line pt-3">
      <CheckboxField
        label={t('connectAs.will')}
        hint={t('connectAs.willHint')}
        checked={draft.hasWill}
        onChange={(event) => onChange({ hasWill: event.target.checked })}
      />
      {draft.hasWill && (
        <div className="grid items-start gap-x-4 gap-y-3 sm:grid-cols-2">
          <TextField
            label={t('connectAs.willTopic')}
            value={draft.willTopic}
            error={errorOf('willTopic')}
            placeholder="plant/pump-7/gone"
            onChange={(willTopic) => onChange({ willTopic })}
          />
          <TextField
            label={t('connectAs.willPayload')}
            value={draft.willPayload}
            onChange={(willPayload) => onChange({ willPayload })}
          />
          <div className="flex flex-wrap items-center gap-3">
            <QosSelect
              label={t('connectAs.willQos')}
              value={draft.willQos}
              onChange={(willQos) => onChange({ willQos })}
            />
            <CheckboxField
              label={t('connectAs.willRetain')}
              checked={draft.willRetain}
              onChange={(event) => onChange({ willRetain: event.target.checked })}
            />
          </div>
        </div>
      )}
    </div>
  );
}
