import type { Metadata } from 'next';
import { connection } from 'next/server';
import { AccountPage } from '@/components/auth/account-page';
import { authText } from '@/lib/page-title';

export const generateMetadata = async (): Promise<Metadata> => ({ title: (await authText())('setupTitle') });

/** Open even when there is an owner: `gatehouse owner` prints a link for one more. The token decides, not the page. */
export default async function SetupPage() {
  await connection();
  const t = await authText();
  return (
    <AccountPage
      kind="setup"
      title={t('setupTitle')}
      intro={t('setupIntro')}
      submitLabel={t('createOwner')}
      tokenLabel={t('setupToken')}
      tokenHint={t('setupTokenHint')}
    />
  );
}
