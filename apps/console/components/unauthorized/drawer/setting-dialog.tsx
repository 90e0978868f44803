'use client';

import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/copy';
import { Dialog } from '@/components/ui/dialog';
import { useText } from '@/lib/i18n';
import { useConfigFile } from '@/lib/use-config-file';

interface SettingDialogProps {
  /** Its path in the configuration, e.g. `listeners.tls.crl`. */
  readonly setting: string;
  readonly onClose: () => void;
}

/** A path as the configuration file writes it. */
const yamlOf = (setting: string): string =>
  setting
    .split('.')
    .map((part, depth, parts) => `${'  '.repeat(depth)}${part}:${depth === parts.length - 1 ? ' …' : ''}`)
    .join('\n');

/** Names what only the configuration can change. */
export function SettingDialog({ setting, onClose }: SettingDialogProps) {
  const t = useText('unauthorized');
  const file = useConfigFile();
  return (
    <Dialog
      open
      size="sm"
      onClose={onClose}
      title={t('setting.title')}
      footer={<Button onClick={onClose}>{t('setting.close')}</Button>}
    >
      <div className="flex flex-col gap-2">
        <p className="text-muted">{t('setting.text')}</p>
        <p className="text-sm font-medium break-words">{t('setting.file', { file })}</p>
        <CodeBlock label={t('setting.file', { file })} code={yamlOf(setting)} />
        <p className="text-sm font-medium">{t('setting.start')}</p>
        <CodeBlock label={t('setting.start')} code={`gatehouse start --set ${setting}=…`} />
      </div>
    </Dialog>
  );
}
