import type { Metadata } from 'next';
import { connection } from 'next/server';
import { AuthFrame } from '@/components/auth/auth-frame';
import { ProblemIcon } from '@/components/auth/problem-icon';
import { SsoCallback } from '@/components/auth/sso-callback';
import { buttonClass } from '@/components/ui/button-class';
import { authText } from '@/lib/page-title';
import { requestLanguage } from '@/lib/request-language';

export const generateMetadata = async (): Promise<Metadata> => ({ title: (await authText())('signInTitle') });

/** Where the identity provider leads back to. */
export default async function SsoCallbackPage() {
  await connection();
  const t = await authText();
  const { authMessages } = await requestLanguage();
  return (
    <AuthFrame title={t('signInTitle')}>
      <SsoCallback
        problems={authMessages.auth.problem}
        problemIcon={<ProblemIcon />}
        waiting={t('ssoWaiting')}
        confirmed={t('ssoConfirmed')}
        back={t('ssoBack')}
        linkClass={buttonClass('neutral', 'md', 'w-full')}
      />
    </AuthFrame>
  );
}
