import { Page } from '@/components/ui/page';
import { Skeleton } from '@/components/ui/states';

export default function Loading() {
  return (
    <Page>
      <Skeleton className="h-7 w-56" />
      <Skeleton className="h-72 w-full rounded-lg" />
    </Page>
  );
}
