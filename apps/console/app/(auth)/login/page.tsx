import { CircleAlert } from 'lucide-react';
import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { AuthField } from '@/components/auth/auth-field';
import { AuthForm } from '@/components/auth/auth-form';
import { AuthFrame } from '@/components/auth/auth-frame';
import { PROBLEM_TEXTS } from '@/components/auth/problem-texts';
import { buttonClass } from '@/components/ui/button-class';
import { authText } from '@/lib/page-title';
import { readSession } from '@/lib/read-session';

export const metadata: Metadata = { title: authText('signInTitle') };

export default async function LoginPage() {
  const found = await readSession();
  if (found.state === 'signed-in') redirect('/');
  if (found.state === 'setup-needed') redirect('/setup');
  return (
    <AuthFrame title={authText('signInTitle')}>
      <AuthForm
        kind="login"
        problems={PROBLEM_TEXTS}
        problemIcon={<CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-refused" />}
        submitLabel={authText('signIn')}
        submitClass={buttonClass('primary', 'md', 'w-full')}
      >
        <AuthField name="email" label={authText('email')} type="email" autoComplete="username" autoFocus />
        <AuthField
          name="password"
          label={authText('password')}
          type="password"
          autoComplete="current-password"
        />
      </AuthForm>
    </AuthFrame>
  );
}
