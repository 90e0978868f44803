'use client';

import { createContext, useContext, type ReactNode } from 'react';

/** Under a dialog's title (h2) the parts are h3; under a page's (h1) they are h2. */
const LevelContext = createContext<'h2' | 'h3'>('h3');
export const HeadingLevel = LevelContext.Provider;

export function Heading({
  className,
  children,
}: {
  readonly className: string;
  readonly children: ReactNode;
}) {
  const Level = useContext(LevelContext);
  return <Level className={className}>{children}</Level>;
}

interface SectionProps {
  readonly title: ReactNode;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** One part of the drawer, with its name. */
export const Section = ({ title, aside, children }: SectionProps) => (
  <section className="min-w-0">
    <div className="mb-2 flex items-baseline gap-2">
      <Heading className="text-sm font-semibold">{title}</Heading>
      {aside !== undefined && <span className="ms-auto text-xs text-muted">{aside}</span>}
    </div>
    {children}
  </section>
);
