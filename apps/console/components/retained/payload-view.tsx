'use client';

import { CodeBlock } from '@/components/ui/copy';
import { Tabs } from '@/components/ui/tabs';
import { useFormat, useText } from '@/lib/i18n';
import { PAYLOAD_SHOWN, payloadViews, type PayloadView } from '@/lib/payload';

interface PayloadTabsProps {
  readonly bytes: Uint8Array;
  /** False: only the beginning is there. */
  readonly isWhole: boolean;
}

/** A stranger's bytes as JSON, text and hex: text nodes only, bounded, with what cannot be seen made visible. */
export function PayloadTabs({ bytes, isWhole }: PayloadTabsProps) {
  const t = useText('retained');
  if (bytes.length === 0) return <p className="text-sm text-muted">{t('view.empty')}</p>;
  return (
    <Tabs
      label={t('view.label')}
      tabs={payloadViews(bytes, isWhole).map(({ view, shown }) => ({
        value: view,
        label: t(`view.${view}`),
        content: (
          <>
            <CodeBlock
              code={shown}
              label={t(`view.${view}`)}
              className="[&_pre]:max-h-96 [&_pre]:whitespace-pre-wrap"
            />
            <Cut view={view} bytes={bytes} isWhole={isWhole} />
          </>
        ),
      }))}
    />
  );
}

/** Says so when the view ends before the payload does. */
function Cut({ view, bytes, isWhole }: PayloadTabsProps & { readonly view: PayloadView }) {
  const { formatBytes } = useFormat();
  const t = useText('retained');
  const shownMax = view === 'hex' ? PAYLOAD_SHOWN.hexBytesMax : PAYLOAD_SHOWN.textCharactersMax;
  if (isWhole && bytes.length <= shownMax) return null;
  return (
    <p className="mt-1 text-xs text-muted">
      {t('view.cut', { count: formatBytes(Math.min(bytes.length, shownMax)) })}
    </p>
  );
}
