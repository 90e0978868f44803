import type { ReactNode } from 'react';

interface SectionProps {
  readonly title: ReactNode;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** One part of the drawer, with its name. */
export const Section = ({ title, aside, children }: SectionProps) => (
  <section className="min-w-0">
    <div className="mb-2 flex items-baseline gap-2">
      <h3 className="text-sm font-semibold">{title}</h3>
      {aside !== undefined && <span className="ml-auto text-xs text-muted">{aside}</span>}
    </div>
    {children}
  </section>
);
