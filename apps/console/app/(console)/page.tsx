import { Suspense } from 'react';
import { OverviewHead, OverviewNumbers, OverviewSkeleton } from '@/components/overview/overview';
import { DEFAULT_RANGE, overviewSources } from '@/components/overview/sources';
import { Page } from '@/components/ui/page';
import { pageTitle } from '@/lib/page-title';
import { Prefetch } from '@/lib/prefetch';
import { relativeRange } from '@/lib/range';
import { requestNow } from '@/lib/request-now';
import { Words } from '@/lib/words';

export const generateMetadata = pageTitle('overview');

/** They come with all their parts or not at all: a part that came later would move the others. */
const NUMBERS_WAIT_MS = 5_000;

/** The frame and the title are sent at once: adding up a million clients takes the server longer than a reader should look at nothing. */
export default function OverviewPage() {
  const { stats, overview, series } = overviewSources(relativeRange(DEFAULT_RANGE, requestNow()));
  return (
    <Words areas={['alerts', 'blocked', 'overview', 'reasons']}>
      <Page>
        <OverviewHead />
        <Suspense fallback={<OverviewSkeleton />}>
          <Prefetch resources={[stats, overview, series]} waitMs={NUMBERS_WAIT_MS}>
            <OverviewNumbers />
          </Prefetch>
        </Suspense>
      </Page>
    </Words>
  );
}
