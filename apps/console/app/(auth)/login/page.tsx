import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { AuthFrame } from '@/components/auth/auth-frame';
import { LoginForm } from '@/components/auth/login-form';
import { authText } from '@/lib/page-title';
import { readSession } from '@/lib/read-session';

export const metadata: Metadata = { title: authText('signInTitle') };

export default async function LoginPage() {
  const found = await readSession();
  if (found.state === 'signed-in') redirect('/');
  if (found.state === 'setup-needed') redirect('/setup');
  return (
    <AuthFrame title={authText('signInTitle')}>
      <LoginForm />
    </AuthFrame>
  );
}
