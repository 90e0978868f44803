'use client';

import { MapPinOff } from 'lucide-react';
import Link from 'next/link';
import { buttonClass } from '@/components/ui/button';
import { State } from '@/components/ui/states';
import { useText } from '@/lib/i18n';

export default function NotFound() {
  const t = useText('common');
  return (
    <State
      icon={<MapPinOff aria-hidden />}
      title={t('notFound.title')}
      actions={
        <Link href="/" className={buttonClass('primary')}>
          {t('notFound.home')}
        </Link>
      }
    >
      {t('notFound.text')}
    </State>
  );
}
