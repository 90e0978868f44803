import { createLoader, type SearchParams } from 'nuqs/server';
import { Subscriptions } from '@/components/subscriptions/subscriptions';
import { subscriptionsParsers, subscriptionsQuery } from '@/components/subscriptions/query';
import { subscriptionsResource } from '@/lib/endpoints';
import { pageTitle } from '@/lib/page-title';
import { Prefetch } from '@/lib/prefetch';

export const generateMetadata = pageTitle('subscriptions');

const load = createLoader(subscriptionsParsers);

export default async function SubscriptionsPage({
  searchParams,
}: {
  readonly searchParams: Promise<SearchParams>;
}) {
  const query = await load(searchParams);
  return (
    <Prefetch resources={[subscriptionsResource(subscriptionsQuery(query))]}>
      <Subscriptions />
    </Prefetch>
  );
}
