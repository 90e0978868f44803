import { PASSWORD_CHARS } from '@gatehouse/contract/password-chars';
import type { ReactNode } from 'react';
import { createTranslator } from 'use-intl/core';
import { buttonClass } from '@/components/ui/button-class';
import { formatLocaleOf } from '@/lib/locale';
import { authText } from '@/lib/page-title';
import { requestLanguage } from '@/lib/request-language';
import { AuthField } from './auth-field';
import { AuthForm } from './auth-form';
import { AuthFrame } from './auth-frame';
import { LanguageLinks } from './language-links';
import { ProblemIcon } from './problem-icon';

interface AccountPageProps {
  readonly kind: 'setup' | 'invite';
  readonly title: string;
  readonly intro: string;
  readonly submitLabel: string;
  readonly submitTone?: 'primary' | 'neutral';
  readonly tokenLabel: string;
  readonly tokenHint: string;
  /** Above the form: another way in. */
  readonly choice?: ReactNode;
}

/** What may be wrong with a password, as the signed-in console says it. */
async function passwordFaultWords() {
  const { locale, consoleMessages } = await requestLanguage();
  const t = createTranslator({
    locale: formatLocaleOf(locale),
    messages: consoleMessages,
    namespace: 'account.password.fault',
  });
  return {
    short: t('short', PASSWORD_CHARS),
    long: t('long'),
    uniform: t('uniform'),
    repetitive: t('repetitive'),
    common: t('common'),
    own: t('own'),
  };
}

/** A page on which somebody who has a link makes an account of their own. */
export async function AccountPage(props: AccountPageProps) {
  const { kind, title, intro, submitLabel, submitTone = 'primary', tokenLabel, tokenHint, choice } = props;
  const t = await authText();
  const { locale, authMessages } = await requestLanguage();
  return (
    <AuthFrame footer={<LanguageLinks locale={locale} label={t('language')} />} title={title} intro={intro}>
      {choice}
      <AuthForm
        kind={kind}
        problems={authMessages.auth.problem}
        problemIcon={<ProblemIcon />}
        faults={await passwordFaultWords()}
        submitLabel={submitLabel}
        submitClass={buttonClass(submitTone, 'md', 'w-full')}
        tokenField={<AuthField name="token" label={tokenLabel} hint={tokenHint} />}
      >
        <AuthField name="name" label={t('name')} autoComplete="name" maxLength={100} autoFocus />
        {kind === 'setup' && (
          <AuthField name="email" label={t('email')} type="email" autoComplete="username" />
        )}
        <AuthField
          name="password"
          label={t('newPassword')}
          hint={t('passwordHint', PASSWORD_CHARS)}
          type="password"
          autoComplete="new-password"
        />
      </AuthForm>
    </AuthFrame>
  );
}
