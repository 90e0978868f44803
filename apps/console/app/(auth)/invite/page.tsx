import type { Metadata } from 'next';
import { connection } from 'next/server';
import { AccountPage } from '@/components/auth/account-page';
import { SsoChoice } from '@/components/auth/sso-choice';
import { authText } from '@/lib/page-title';
import { readSignIn } from '@/lib/read-sign-in';

export const generateMetadata = async (): Promise<Metadata> => ({ title: (await authText())('inviteTitle') });

/** Open to whoever has a link: its token decides, and says whose account it is. */
export default async function InvitePage() {
  await connection();
  const t = await authText();
  const options = await readSignIn();
  return (
    <AccountPage
      kind="invite"
      title={t('inviteTitle')}
      intro={t('inviteIntro')}
      submitLabel={t('join')}
      submitTone={options.sso === null ? 'primary' : 'neutral'}
      tokenLabel={t('inviteToken')}
      tokenHint={t('inviteTokenHint')}
      choice={<SsoChoice options={options} />}
    />
  );
}
