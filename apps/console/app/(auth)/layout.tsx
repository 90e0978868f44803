import type { ReactNode } from 'react';
import { I18nProvider } from '@/lib/i18n';
import { authMessages } from '@/lib/messages';

/** Pages before the sign-in: no data layer, so that they load fast. */
export default function AuthLayout({ children }: { readonly children: ReactNode }) {
  return <I18nProvider messages={authMessages}>{children}</I18nProvider>;
}
