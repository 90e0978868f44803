import { GeistSans } from 'geist/font/sans';
import Head from 'next/head';
import type { ReactNode } from 'react';
import { Wordmark } from '@/components/brand';

interface AuthPageProps {
  readonly title: string;
  readonly intro?: string;
  readonly children: ReactNode;
}

/** One quiet panel in the middle of the page. */
export const AuthPage = ({ title, intro, children }: AuthPageProps) => (
  <main
    className={`${GeistSans.className} mx-auto flex min-h-dvh w-full max-w-sm flex-col justify-center gap-6 p-4 py-10`}
  >
    <Head>
      <title>{`${title} · Gatehouse`}</title>
      <meta name="viewport" content="width=device-width, initial-scale=1" />
    </Head>
    <Wordmark />
    <section className="card p-6">
      <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
      {intro !== undefined && <p className="mt-1 text-muted">{intro}</p>}
      <div className="mt-5">{children}</div>
    </section>
  </main>
);
