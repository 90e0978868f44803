'use client';

import { TriangleAlert } from 'lucide-react';
import { useText } from '@/lib/i18n';
import { Notice } from './states';

/** Says whose part of what is shown is not there. */
export function MissingNodes({ nodes }: { readonly nodes: readonly string[] }) {
  const t = useText('common');
  return (
    <Notice tone="warning" icon={<TriangleAlert aria-hidden className="text-ignored" />}>
      {t('missingNodes', { count: nodes.length, names: nodes.join(', ') })}
    </Notice>
  );
}
