import type { Metadata } from 'next';
import { connection } from 'next/server';
import { AuthFrame } from '@/components/auth/auth-frame';
import { SetupForm } from '@/components/auth/setup-form';
import { authText } from '@/lib/page-title';

export const metadata: Metadata = { title: authText('setupTitle') };

/** Open even when there is an owner: `gatehouse owner` prints a link for one more. The token decides, not the page. */
export default async function SetupPage() {
  await connection();
  return (
    <AuthFrame title={authText('setupTitle')} intro={authText('setupIntro')}>
      <SetupForm />
    </AuthFrame>
  );
}
