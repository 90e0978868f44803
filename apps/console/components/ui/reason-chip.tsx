'use client';

import type { Family } from '@gatehouse/auth-core/reasons';
import { cx } from '@/lib/cx';
import { useText } from '@/lib/i18n';
import { familyOf } from '@/lib/reason-family';
import { FAMILY_LOOK } from '@/lib/reasons';

/** Icon, colour and words of a reason. Unknown codes (a newer server) show their code. */
export function ReasonChip({ code, className }: { readonly code: string; readonly className?: string }) {
  const t = useText('reasons');
  const look = FAMILY_LOOK[familyOf(code)];
  const Icon = look.icon;
  return (
    <span className={cx('inline-flex min-w-0 items-center gap-1.5', className)}>
      <Icon aria-hidden className={cx('size-3.5 shrink-0', look.text)} />
      <span className="truncate">{t.has(code) ? t(code) : code}</span>
    </span>
  );
}

export function FamilyChip({ family, className }: { readonly family: Family; readonly className?: string }) {
  const t = useText('reasons');
  const look = FAMILY_LOOK[family];
  const Icon = look.icon;
  return (
    <span className={cx('inline-flex items-center gap-1.5', className)}>
      <Icon aria-hidden className={cx('size-3.5 shrink-0', look.text)} />
      {t(`family.${family}`)}
    </span>
  );
}
