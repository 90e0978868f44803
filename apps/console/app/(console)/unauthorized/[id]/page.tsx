import { DetailPage } from '@/components/unauthorized/detail-page';
import { pageTitle } from '@/lib/page-title';
import { Prefetch } from '@/lib/prefetch';
import { attemptsResource, detailResource } from '@/lib/unauthorized/resources';

export const generateMetadata = pageTitle('unauthorized');

/** The drawer as a page: for links, and for reading at length. */
export default async function UnauthorizedDetail({
  params,
}: {
  readonly params: Promise<{ readonly id: string }>;
}) {
  const { id } = await params;
  return (
    <Prefetch resources={[detailResource(id), attemptsResource(id)]}>
      <DetailPage id={id} />
    </Prefetch>
  );
}
