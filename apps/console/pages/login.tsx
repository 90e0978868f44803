import { CircleAlert } from 'lucide-react';
import type { GetServerSideProps } from 'next';
import { AuthField } from '@/components/auth/auth-field';
import { AuthForm } from '@/components/auth/auth-form';
import { AuthPage } from '@/components/auth/auth-page';
import { PROBLEM_TEXTS, authText } from '@/components/auth/auth-text';
import { buttonClass } from '@/components/ui/button-class';
import { findSession } from '@/lib/find-session';
import { apiReader } from '@/lib/api-reader';

export const getServerSideProps: GetServerSideProps = async ({ req }) => {
  const { state } = await findSession(apiReader(req.headers));
  if (state === 'signed-in') return { redirect: { destination: '/', permanent: false } };
  if (state === 'setup-needed') return { redirect: { destination: '/setup', permanent: false } };
  return { props: {} };
};

export default function LoginPage() {
  return (
    <AuthPage title={authText('signInTitle')}>
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
    </AuthPage>
  );
}
