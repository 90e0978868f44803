import type { ReactNode } from 'react';
import { Wordmark } from '@/components/brand';

/** One quiet panel in the middle of the page. */
export const AuthFrame = ({
  title,
  intro,
  footer,
  children,
}: {
  readonly title: ReactNode;
  readonly intro?: ReactNode;
  readonly footer?: ReactNode;
  readonly children: ReactNode;
}) => (
  <main className="mx-auto flex min-h-dvh w-full max-w-sm flex-col justify-center gap-6 p-4 py-10">
    <Wordmark />
    <section className="card p-6">
      <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
      {intro !== undefined && <p className="mt-1 text-muted">{intro}</p>}
      <div className="mt-5">{children}</div>
    </section>
    {footer}
  </main>
);
