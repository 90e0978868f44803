import { CircleAlert } from 'lucide-react';
import type { Metadata } from 'next';
import { connection } from 'next/server';
import { AuthField } from '@/components/auth/auth-field';
import { AuthForm } from '@/components/auth/auth-form';
import { AuthFrame } from '@/components/auth/auth-frame';
import { PROBLEM_TEXTS } from '@/components/auth/problem-texts';
import { buttonClass } from '@/components/ui/button-class';
import { authText } from '@/lib/page-title';

export const metadata: Metadata = { title: authText('setupTitle') };

const PASSWORD_MIN = 12;

/** Open even when there is an owner: `gatehouse owner` prints a link for one more. The token decides, not the page. */
export default async function SetupPage() {
  await connection();
  return (
    <AuthFrame title={authText('setupTitle')} intro={authText('setupIntro')}>
      <AuthForm
        kind="setup"
        problems={PROBLEM_TEXTS}
        problemIcon={<CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-refused" />}
        submitLabel={authText('createOwner')}
        submitClass={buttonClass('primary', 'md', 'w-full')}
        tokenField={
          <AuthField name="token" label={authText('setupToken')} hint={authText('setupTokenHint')} />
        }
      >
        <AuthField name="name" label={authText('name')} autoComplete="name" maxLength={100} autoFocus />
        <AuthField name="email" label={authText('email')} type="email" autoComplete="username" />
        <AuthField
          name="password"
          label={authText('newPassword')}
          hint={authText('passwordHint', { min: PASSWORD_MIN })}
          type="password"
          autoComplete="new-password"
          minLength={PASSWORD_MIN}
        />
      </AuthForm>
    </AuthFrame>
  );
}
