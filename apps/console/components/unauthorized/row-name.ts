'use client';

import type { UnauthorizedClientDto } from '@gatehouse/contract';
import { useText } from '@/lib/i18n';

/** What a row is called where it is spoken of: in the names of its buttons, to a screen reader. */
export function useRowName({ clientId, pskIdentity, username }: UnauthorizedClientDto): string {
  const t = useText('unauthorized');
  const common = useText('common');
  if (clientId === null) return t('noConnect');
  return [clientId, pskIdentity, username].find((name) => name !== null && name !== '') ?? common('empty');
}
