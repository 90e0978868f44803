import { redirect } from 'next/navigation';
import { MustEnrol } from '@/components/account/must-enrol';
import { FRAME_AREAS } from '@/lib/areas';
import { pageTitle } from '@/lib/page-title';
import { Providers } from '@/lib/providers';
import { readSession } from '@/lib/read-session';
import { requestLanguage } from '@/lib/request-language';
import { requestNow } from '@/lib/request-now';
import { wordsOf } from '@/lib/words';

export const generateMetadata = pageTitle('account');

/** Where every page leads until the authenticator app that the role demands is set up. */
export default async function EnrolPage() {
  const found = await readSession();
  if (found.state !== 'signed-in' || !found.session.mustEnrol) redirect('/');
  const { locale, zone, serverZone } = await requestLanguage();
  const messages = await wordsOf([...FRAME_AREAS, 'account']);
  const language = { locale, messages, zone, serverZone };
  return (
    <Providers session={found.session} language={language} now={requestNow()}>
      <MustEnrol />
    </Providers>
  );
}
