import { CircleAlert } from 'lucide-react';
import type { Metadata } from 'next';
import { connection } from 'next/server';
import { AuthField } from '@/components/auth/auth-field';
import { AuthForm } from '@/components/auth/auth-form';
import { AuthFrame } from '@/components/auth/auth-frame';
import { LanguageLinks } from '@/components/auth/language-links';
import { buttonClass } from '@/components/ui/button-class';
import { authText } from '@/lib/page-title';
import { requestLanguage } from '@/lib/request-language';

export const generateMetadata = async (): Promise<Metadata> => ({ title: (await authText())('setupTitle') });

const PASSWORD_MIN = 12;

/** Open even when there is an owner: `gatehouse owner` prints a link for one more. The token decides, not the page. */
export default async function SetupPage() {
  await connection();
  const t = await authText();
  const { locale, authMessages } = await requestLanguage();
  return (
    <AuthFrame
      footer={<LanguageLinks locale={locale} label={t('language')} />}
      title={t('setupTitle')}
      intro={t('setupIntro')}
    >
      <AuthForm
        kind="setup"
        problems={authMessages.auth.problem}
        problemIcon={<CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-refused" />}
        submitLabel={t('createOwner')}
        submitClass={buttonClass('primary', 'md', 'w-full')}
        tokenField={<AuthField name="token" label={t('setupToken')} hint={t('setupTokenHint')} />}
      >
        <AuthField name="name" label={t('name')} autoComplete="name" maxLength={100} autoFocus />
        <AuthField name="email" label={t('email')} type="email" autoComplete="username" />
        <AuthField
          name="password"
          label={t('newPassword')}
          hint={t('passwordHint', { min: PASSWORD_MIN })}
          type="password"
          autoComplete="new-password"
          minLength={PASSWORD_MIN}
        />
      </AuthForm>
    </AuthFrame>
  );
}
