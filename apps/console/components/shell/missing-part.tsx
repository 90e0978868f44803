'use client';

import { useEffect, useSyncExternalStore } from 'react';
import { dismissToast, showToast } from '@/components/ui/toast';
import { useText } from '@/lib/i18n';
import { askAgain, missingNow, onMissing, whenServerAnswers } from '@/lib/missing-part';

const none = () => null;

/** Says which parts of the page could not be loaded, and asks for them again once the server answers. */
export function MissingPart() {
  const t = useText('common');
  const missing = useSyncExternalStore(onMissing, missingNow, none);
  useEffect(() => {
    if (missing === null) return;
    const isGone = missing.cause === 'gone';
    const toast = showToast({
      tone: 'bad',
      text: t('broken.part'),
      detail: t(isGone ? 'broken.partGone' : 'broken.partAway'),
      action: isGone
        ? { label: t('broken.reload'), run: () => location.reload() }
        : { label: t('retry'), run: () => askAgain(false) },
      durationMs: Infinity,
    });
    const stop = isGone ? undefined : whenServerAnswers(() => askAgain(true));
    return () => {
      dismissToast(toast);
      stop?.();
    };
  }, [missing, t]);
  return null;
}
