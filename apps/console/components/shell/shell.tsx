'use client';

import type { ReactNode } from 'react';
import { Toaster } from '@/components/ui/toast';
import { TooltipHost } from '@/components/ui/tooltip-host';

export function Shell({ children }: { readonly children: ReactNode }) {
  return (
    <>
      <main id="content">{children}</main>
      <Toaster />
      <TooltipHost />
    </>
  );
}
