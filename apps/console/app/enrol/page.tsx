import { redirect } from 'next/navigation';
import { MustEnrol } from '@/components/account/must-enrol';
import { pageTitle } from '@/lib/page-title';
import { Providers } from '@/lib/providers';
import { readSession } from '@/lib/read-session';
import { requestLanguage } from '@/lib/request-language';
import { requestNow } from '@/lib/request-now';

export const generateMetadata = pageTitle('account');

/** Where every page leads until the authenticator app that the role demands is set up. */
export default async function EnrolPage() {
  const found = await readSession();
  if (found.state !== 'signed-in' || !found.session.mustEnrol) redirect('/');
  const { locale, consoleMessages, zone, serverZone } = await requestLanguage();
  const language = { locale, messages: JSON.stringify(consoleMessages), zone, serverZone };
  return (
    <Providers session={found.session} language={language} now={requestNow()}>
      <MustEnrol />
    </Providers>
  );
}
