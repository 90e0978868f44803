import type { ReactNode } from 'react';
import { cx } from '@/lib/cx';
import type { GuidedPage } from '@/lib/help/page-guides';
import { GuideLink } from './guide-link';

interface PageHeaderProps {
  readonly title: ReactNode;
  readonly description?: ReactNode;
  /** The page whose guide is linked beside the description. */
  readonly guide?: GuidedPage;
  readonly actions?: ReactNode;
}

/** Title, one line of what is seen with the guide to it, and the page's actions. */
export function PageHeader({ title, description, guide, actions }: PageHeaderProps) {
  return (
    <header className="flex flex-wrap items-start gap-x-4 gap-y-2">
      <div className="min-w-[min(100%,16rem)] flex-1">
        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        {(description !== undefined || guide !== undefined) && (
          <div className="text-muted">
            {description} {guide !== undefined && <GuideLink page={guide} />}
          </div>
        )}
      </div>
      {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}

/** Content of a page, in the shell's main column. `narrow`: for reading and forms. */
export const Page = ({
  narrow = false,
  children,
}: {
  readonly narrow?: boolean;
  readonly children: ReactNode;
}) => (
  <div
    className={cx(
      'mx-auto flex w-full flex-col gap-4 p-4 md:px-6 md:py-5',
      narrow ? 'max-w-4xl' : 'max-w-[105rem]',
    )}
  >
    {children}
  </div>
);

interface CardProps {
  readonly title?: ReactNode;
  readonly actions?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

export function Card({ title, actions, className, children }: CardProps) {
  return (
    <section className={cx('card flex min-w-0 flex-col', className)}>
      {(title !== undefined || actions !== undefined) && (
        <header className="flex min-h-11 flex-wrap items-center gap-2 border-b border-line px-4 py-1.5">
          <h2 className="flex-auto text-base font-semibold">{title}</h2>
          {actions}
        </header>
      )}
      {children}
    </section>
  );
}

/** Term and value, one per line; the drawer's facts. */
export const Facts = ({ children }: { readonly children: ReactNode }) => (
  <dl className="grid grid-cols-[minmax(7rem,auto)_1fr] gap-x-4 gap-y-1.5 text-sm">{children}</dl>
);
export const Fact = ({ label, children }: { readonly label: ReactNode; readonly children: ReactNode }) => (
  <>
    <dt className="text-muted">{label}</dt>
    <dd className="min-w-0 break-words">{children}</dd>
  </>
);
