import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { AuthField } from '@/components/auth/auth-field';
import { AuthForm } from '@/components/auth/auth-form';
import { AuthFrame } from '@/components/auth/auth-frame';
import { LanguageLinks } from '@/components/auth/language-links';
import { ProblemIcon } from '@/components/auth/problem-icon';
import { SsoChoice } from '@/components/auth/sso-choice';
import { buttonClass } from '@/components/ui/button-class';
import { authText } from '@/lib/page-title';
import { readSession } from '@/lib/read-session';
import { readSignIn } from '@/lib/read-sign-in';
import { requestLanguage } from '@/lib/request-language';

export const generateMetadata = async (): Promise<Metadata> => ({ title: (await authText())('signInTitle') });

interface LoginPageProps {
  readonly searchParams: Promise<Readonly<Record<string, string | readonly string[] | undefined>>>;
}

export default async function LoginPage({ searchParams }: LoginPageProps) {
  const found = await readSession();
  if (found.state === 'signed-in') redirect('/');
  if (found.state === 'setup-needed') redirect('/setup');
  const t = await authText();
  const options = await readSignIn();
  const { locale, authMessages } = await requestLanguage();
  return (
    <AuthFrame
      footer={<LanguageLinks locale={locale} label={t('language')} />}
      title={t('signInTitle')}
      {...((await searchParams)['next'] === undefined ? {} : { intro: t('sessionEnded') })}
    >
      <SsoChoice options={options} />
      <AuthForm
        kind="login"
        problems={authMessages.auth.problem}
        problemIcon={<ProblemIcon />}
        submitLabel={t('signIn')}
        submitClass={buttonClass(options.sso === null ? 'primary' : 'neutral', 'md', 'w-full')}
        codeField={
          <AuthField
            name="code"
            label={t('code')}
            hint={t('codeHint')}
            autoComplete="one-time-code"
            maxLength={64}
            autoFocus
          />
        }
      >
        <AuthField name="email" label={t('email')} type="email" autoComplete="username" autoFocus />
        <AuthField name="password" label={t('password')} type="password" autoComplete="current-password" />
      </AuthForm>
    </AuthFrame>
  );
}
