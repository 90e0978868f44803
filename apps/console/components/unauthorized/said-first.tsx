'use client';

import { CircleSlash, TriangleAlert } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/states';
import { useText } from '@/lib/i18n';
import type { RefusedModel } from '@/lib/unauthorized/use-model';

interface SaidFirstProps {
  /** Why attempts cannot be recorded. */
  readonly impossible: readonly string[];
  readonly control: RefusedModel['control'];
}

/** Why rows may be missing: nothing records them, or the address has filters that nobody can read. */
export function SaidFirst({ impossible, control }: SaidFirstProps) {
  const t = useText('unauthorized');
  return (
    <>
      {impossible.map((cause) => (
        <Notice
          key={cause}
          tone={cause === 'recording-off' ? 'warning' : 'danger'}
          icon={<TriangleAlert aria-hidden className="text-refused" />}
        >
          <strong className="font-semibold">{t(`impossible.${cause}.title`)}</strong>{' '}
          {t(`impossible.${cause}.text`)}
        </Notice>
      ))}
      {control.unreadable.length > 0 && (
        <Notice
          tone="warning"
          icon={<CircleSlash aria-hidden className="text-ignored" />}
          actions={
            <Button
              size="sm"
              onClick={() => control.change(Object.fromEntries(control.unreadable.map((key) => [key, null])))}
            >
              {t('unreadable.remove')}
            </Button>
          }
        >
          {t('unreadable.text', { keys: control.unreadable.join(', '), count: control.unreadable.length })}
        </Notice>
      )}
    </>
  );
}
