import { CircleAlert } from 'lucide-react';
import type { Metadata } from 'next';
import { connection } from 'next/server';
import { AuthField } from '@/components/auth/auth-field';
import { AuthForm } from '@/components/auth/auth-form';
import { AuthFrame } from '@/components/auth/auth-frame';
import { LanguageLinks } from '@/components/auth/language-links';
import { SsoChoice } from '@/components/auth/sso-choice';
import { buttonClass } from '@/components/ui/button-class';
import { authText } from '@/lib/page-title';
import { readSignIn } from '@/lib/read-sign-in';
import { requestLanguage } from '@/lib/request-language';

export const generateMetadata = async (): Promise<Metadata> => ({ title: (await authText())('inviteTitle') });

const PASSWORD_MIN = 12;

/** Open to whoever has a link: its token decides, and says whose account it is. */
export default async function InvitePage() {
  await connection();
  const t = await authText();
  const options = await readSignIn();
  const { locale, authMessages } = await requestLanguage();
  return (
    <AuthFrame
      footer={<LanguageLinks locale={locale} label={t('language')} />}
      title={t('inviteTitle')}
      intro={t('inviteIntro')}
    >
      <SsoChoice options={options} />
      <AuthForm
        kind="invite"
        problems={authMessages.auth.problem}
        problemIcon={<CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-refused" />}
        submitLabel={t('join')}
        submitClass={buttonClass(options.sso === null ? 'primary' : 'neutral', 'md', 'w-full')}
        tokenField={<AuthField name="token" label={t('inviteToken')} hint={t('inviteTokenHint')} />}
      >
        <AuthField name="name" label={t('name')} autoComplete="name" maxLength={100} autoFocus />
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
