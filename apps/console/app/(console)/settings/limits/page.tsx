import type { Metadata } from 'next';
import { Limits } from '@/components/settings/limits';
import { limitsResource } from '@/lib/endpoints';
import { pageTitle } from '@/lib/page-title';
import { Prefetch } from '@/lib/prefetch';

export const metadata: Metadata = { title: pageTitle('limits') };

export default function LimitsPage() {
  return (
    <Prefetch resources={[limitsResource]}>
      <Limits />
    </Prefetch>
  );
}
