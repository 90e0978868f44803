import { CircleAlert } from 'lucide-react';
import type { GetServerSideProps } from 'next';
import { AuthField } from '@/components/auth/auth-field';
import { AuthForm } from '@/components/auth/auth-form';
import { AuthPage } from '@/components/auth/auth-page';
import { PROBLEM_TEXTS, authText } from '@/components/auth/auth-text';
import { buttonClass } from '@/components/ui/button-class';

const PASSWORD_MIN = 12;

/** Drawn per request: its scripts need the request's nonce. */
export const getServerSideProps: GetServerSideProps = () => Promise.resolve({ props: {} });

/** Open even when there is an owner: `gatehouse owner` prints a link for one more. The token decides, not the page. */
export default function SetupPage() {
  return (
    <AuthPage title={authText('setupTitle')} intro={authText('setupIntro')}>
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
    </AuthPage>
  );
}
