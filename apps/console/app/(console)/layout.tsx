import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import type { ReactNode } from 'react';
import { Shell } from '@/components/shell/shell';
import { ServerDown } from '@/components/shell/server-down';
import { FRAME_AREAS } from '@/lib/areas';
import { Providers } from '@/lib/providers';
import { readSession } from '@/lib/read-session';
import { requestLanguage } from '@/lib/request-language';
import { requestNow } from '@/lib/request-now';
import { wordsOf } from '@/lib/words';

/** The sign-in, which leads back to the page that was asked for. */
async function signInPath(): Promise<string> {
  const path = (await headers()).get('x-gatehouse-path') ?? '/';
  return path === '/' ? '/login' : `/login?next=${encodeURIComponent(path)}`;
}

/** Everything behind the sign-in: who is asking is settled on the server, before the first byte. */
export default async function ConsoleLayout({ children }: { readonly children: ReactNode }) {
  const found = await readSession();
  if (found.state === 'setup-needed') redirect('/setup');
  if (found.state === 'signed-out') redirect(await signInPath());
  if (found.state === 'unreachable') return <ServerDown />;
  if (found.session.mustEnrol) redirect('/enrol');
  const { locale, zone, serverZone } = await requestLanguage();
  const language = { locale, messages: await wordsOf(FRAME_AREAS), zone, serverZone };
  return (
    <Providers session={found.session} language={language} now={requestNow()}>
      <Shell>{children}</Shell>
    </Providers>
  );
}
