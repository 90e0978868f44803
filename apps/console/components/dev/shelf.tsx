import type { ReactNode } from 'react';
import { Card } from '@/components/ui/page';

/** One component, or a few that belong together, in every state. */
export const Shelf = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <Card title={title}>
    <div className="flex flex-col gap-4 p-4">{children}</div>
  </Card>
);

/** One state, under its name. */
export const Specimen = ({ of: state, children }: { readonly of: string; readonly children: ReactNode }) => (
  <div className="flex min-w-0 flex-col gap-1.5">
    <span className="text-2xs text-muted">{state}</span>
    <div className="flex min-w-0 flex-wrap items-center gap-2">{children}</div>
  </div>
);
